using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>
/// The bytes of a hive file and the cells in them. Nothing in the file is trusted: every offset and every length is checked
/// against the file, and what does not fit is <see cref="ErrorId.CorruptHive"/>.
/// </summary>
/// <remarks>
/// A cell is addressed from the end of the base block, lies on 8 bytes, and begins with its size, which counts itself and is
/// negative while the cell is in use. Layout: github.com/msuhanov/regf.
/// </remarks>
internal sealed class HiveFile : IDisposable
{
    /// <summary>Bytes of the base block, the file's head; cells are counted from its end.</summary>
    public const int BaseBlockSize = 4096;

    /// <summary>
    /// Bytes that no question takes: a list or a value of Windows has some megabytes at the most, and of the keys beside the
    /// way only the names are read. A sparse file must cost neither the memory nor the time that it pretends to be worth.
    /// </summary>
    private const int MostRead = 64 * 1024 * 1024;

    private const int SizeField = 4;
    private const int CellAlignment = 8;

    private readonly FileStream _stream;
    private readonly long _length;
    private readonly long _mayRead;

    private HiveFile(FileStream stream, string path)
    {
        _stream = stream;
        _length = stream.Length;
        _mayRead = Math.Min(_length, MostRead);
        Path = path;
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Whether the last changes were never written into the file; what is damaged in it may be sound in its logs.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Where the topmost key is.</summary>
    public uint RootOffset { get; set; }

    /// <summary>The bytes read for the question that is being answered.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Opens the file; nothing of it is read yet.</summary>
    /// <exception cref="AibException">It is missing or may not be read.</exception>
    public static HiveFile Open(string path)
    {
        try
        {
            // A pipe or a device has no length, and opening it could wait for ever.
            if (Directory.Exists(path))
            {
                throw new AibException(ErrorId.ReadFailed, $"'{path}' is a folder, and a registry hive was expected.", "Take a fresh copy of the image.", path);
            }
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                throw new AibException(ErrorId.CorruptHive, $"The registry hive '{path}' is empty.", "Take a fresh copy of the image.", path);
            }
            return new HiveFile(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 16 * 1024), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AibException(ErrorId.FileNotFound, $"There is no registry hive '{path}'.", "Correct the path.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>
    /// Starts the account of a question. A sound hive answers every question without reading any byte twice, so one that has
    /// read more bytes than there are, or than any question takes, goes in circles and is stopped; that bounds the time and
    /// the memory of every answer.
    /// </summary>
    public void BeginQuestion() => BytesRead = 0;

    /// <summary>The base block.</summary>
    /// <exception cref="AibException">The file is shorter, or reading failed.</exception>
    public byte[] BaseBlock() => Read(0, BaseBlockSize);

    /// <summary>The cell at an offset from the end of the base block.</summary>
    /// <exception cref="AibException">There is no cell in use, or reading failed.</exception>
    public HiveCell Cell(uint offset)
    {
        var position = BaseBlockSize + (long)offset;
        if (offset % CellAlignment != 0)
        {
            throw Corrupt($"no cell can begin at 0x{offset:x}");
        }
        var size = -(long)BitConverter.ToInt32(Read(position, SizeField), 0);
        if (size < CellAlignment || size % CellAlignment != 0 || position + size > _length)
        {
            throw Corrupt($"the cell at 0x{offset:x} is not in use or has an impossible size");
        }
        return new HiveCell(this, offset, position + SizeField, size - SizeField);
    }

    /// <summary>Bytes of the file.</summary>
    /// <exception cref="AibException">They are not all there, or reading failed.</exception>
    public byte[] Read(long position, int count)
    {
        if (position < 0 || count < 0 || position + count > _length)
        {
            throw Corrupt("it ends before its data does");
        }
        if (count > MostRead)
        {
            throw Corrupt($"a part of it would have {count} bytes");
        }
        if (count > _mayRead - BytesRead)
        {
            throw Corrupt("its parts overlap or go in circles");
        }
        BytesRead += count;
        var bytes = new byte[count];
        try
        {
            _stream.Position = position;
            for (var done = 0; done < count;)
            {
                var read = _stream.Read(bytes, done, count - done);
                done += read > 0 ? read : throw Corrupt("it ended while it was read");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Path, e);
        }
        return bytes;
    }

    /// <summary>The error of a damaged hive.</summary>
    public AibException Corrupt(string how) => new(ErrorId.CorruptHive, $"The registry hive '{Path}' is damaged: {how}.",
        IsDirty
            ? "Windows had not finished writing it: start the image once and shut it down cleanly, or load the hive with 'reg load' on Windows, which applies its logs."
            : "Take a fresh copy of the image, or load the hive with 'reg load' on Windows to see whether it can be recovered.",
        Path);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static AibException Unreadable(string path, Exception error) =>
        AibException.Unreadable(error, $"The registry hive '{path}' could not be read: {error.Message}",
            "Look at its permissions; the hives of a running Windows cannot be read as files.", path);
}

/// <summary>A cell in use: a stretch of the hive that its records read from and never beyond.</summary>
internal sealed class HiveCell(HiveFile file, uint offset, long position, long length)
{
    /// <summary>The bytes it holds, its size field not counted.</summary>
    public long Length => length;

    /// <summary>Some of its bytes.</summary>
    /// <exception cref="AibException">The cell is shorter, or reading failed.</exception>
    public byte[] Read(long at, long count) => at + count <= length && count <= int.MaxValue
        ? file.Read(position + at, (int)count)
        : throw file.Corrupt($"the cell at 0x{offset:x} is shorter than what it should hold");

    /// <summary>The fixed part of a record, which has to begin with the two letters of its kind.</summary>
    /// <exception cref="AibException">It is another record, or shorter.</exception>
    public byte[] Record(string kind, int size)
    {
        var record = Read(0, size);
        return HiveText.Kind(record) == kind ? record : throw file.Corrupt($"there is no '{kind}' record at 0x{offset:x}");
    }
}
