using System.Text;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>Reads what GNU tar has written (--format=gnu, also --sparse) into a <see cref="ScratchMachine"/>.</summary>
internal sealed class TarReader
{
    private const int Block = 512;

    /// <summary>Of a longer file only so much is kept: nothing that is looked at is that long.</summary>
    private const int ContentLimit = 1 << 18;

    private readonly byte[] archive;
    private readonly ScratchMachine machine = new();
    private int at;
    private string? longName;
    private string? longTarget;

    private TarReader(byte[] archive, int start)
    {
        this.archive = archive;
        at = start;
    }

    /// <summary>Reads an archive.</summary>
    /// <param name="archive">The bytes.</param>
    /// <param name="start">Where among them the archive begins.</param>
    /// <exception cref="InvalidDataException">It is no archive, or is not complete.</exception>
    public static ScratchMachine Read(byte[] archive, int start) => new TarReader(archive, start).ReadAll();

    private ScratchMachine ReadAll()
    {
        while (true)
        {
            var header = at;
            at += Block;
            Need(at);
            if (archive[header] == 0)
            {
                return machine;
            }
            ReadEntry(header);
        }
    }

    private void ReadEntry(int header)
    {
        var size = Number(header + 124, 12);
        var type = (char)archive[header + 156];
        var realSize = size;
        if (type == 'S')
        {
            // A file with holes: how long it is stands elsewhere, and where the holes are in further headers.
            realSize = Number(header + 483, 12);
            SkipSparseHeaders(header);
        }
        var content = at;
        Need(content + size);
        at = checked((int)(content + ((size + Block - 1) / Block * Block)));
        switch (type)
        {
            case 'L':
                longName = TextAt(content, (int)size);
                return;
            case 'K':
                longTarget = TextAt(content, (int)size);
                return;
        }
        var name = longName ?? TextAt(header, 100);
        var target = longTarget ?? TextAt(header + 157, 100);
        longName = longTarget = null;
        var path = "/" + TrimDot(name).Trim('/');
        if (path.Length > 1)
        {
            machine.Put(path, FileOf(type, header, target, content, (int)Math.Min(size, ContentLimit), realSize));
        }
    }

    private MachineFile FileOf(char type, int header, string target, int content, int length, long size)
    {
        var mode = (int)Number(header + 100, 8);
        switch (type)
        {
            case '5':
                return new(MachineFileKind.Folder) { Mode = mode };
            case '2':
                return new(MachineFileKind.Link) { Mode = mode, Target = target };
            case '1' when machine.Files.TryGetValue("/" + TrimDot(target), out var same):
                return same;
            case '0' or '\0' or 'S':
                var bytes = new byte[type == 'S' ? 0 : length];
                Array.Copy(archive, content, bytes, 0, bytes.Length);
                return new(MachineFileKind.File) { Mode = mode, Content = bytes, Size = size };
            default:
                return new(MachineFileKind.Special) { Mode = mode };
        }
    }

    private void SkipSparseHeaders(int header)
    {
        var more = archive[header + 482] != 0;
        while (more)
        {
            Need(at + Block);
            more = archive[at + 504] != 0;
            at += Block;
        }
    }

    private static string TrimDot(string name) => name.StartsWith("./", StringComparison.Ordinal) ? name.Substring(2) : name;

    private string TextAt(int start, int length)
    {
        var end = Array.IndexOf(archive, (byte)0, start, length);
        return Encoding.UTF8.GetString(archive, start, (end < 0 ? start + length : end) - start);
    }

    /// <summary>Octal digits, or with the highest bit set a binary number.</summary>
    private long Number(int start, int length)
    {
        long value = archive[start] & 0x7F;
        if (archive[start] >= 0x80)
        {
            for (var i = start + 1; i < start + length; i++)
            {
                value = (value << 8) | archive[i];
            }
            return value;
        }
        var digits = TextAt(start, length).Trim();
        return digits.Length == 0 ? 0 : Convert.ToInt64(digits, 8);
    }

    private void Need(long end)
    {
        if (end > archive.Length)
        {
            throw new InvalidDataException("The archive ends in the middle of an entry.");
        }
    }
}
