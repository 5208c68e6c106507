using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>A value of a key: a "vk" record, with its data in itself, in a cell, or in the segments of a "db" record.</summary>
/// <remarks>Layout: github.com/msuhanov/regf, sections Key value and Big data.</remarks>
internal sealed class HiveValue
{
    private const int RecordSize = 20;
    private const int CompressedName = 0x1;
    private const uint Inline = 0x80000000;
    private const int LongestInline = 4;
    private const int BigRecordSize = 8;
    private const int OffsetSize = 4;

    /// <summary>Bytes of data in each segment but the last; what is longer than one segment is cut up.</summary>
    private const int SegmentSize = 16344;

    private readonly HiveFile _file;
    private readonly byte[] _record;

    /// <summary>The value at an offset; its data is not read yet.</summary>
    /// <exception cref="AibException">There is no value.</exception>
    public HiveValue(HiveFile file, uint offset)
    {
        var cell = file.Cell(offset);
        _file = file;
        _record = cell.Record("vk", RecordSize);
        var compressed = (BitConverter.ToUInt16(_record, 16) & CompressedName) != 0;
        Name = HiveText.Name(cell.Read(RecordSize, BitConverter.ToUInt16(_record, 2)), compressed);
    }

    /// <summary>Its name; empty for the default value.</summary>
    public string Name { get; }

    /// <summary>Its type, by Windows' numbers.</summary>
    public uint Type => BitConverter.ToUInt32(_record, 12);

    /// <summary>Its data as it is in the hive.</summary>
    /// <exception cref="AibException">The hive is damaged.</exception>
    public byte[] Data()
    {
        var size = BitConverter.ToUInt32(_record, 4);
        var length = (int)(size & ~Inline);
        if ((size & Inline) != 0)
        {
            return length <= LongestInline ? [.. _record.Skip(8).Take(length)] : throw _file.Corrupt("a value holds more than it has room for");
        }
        if (length == 0)
        {
            return [];
        }
        var cell = _file.Cell(BitConverter.ToUInt32(_record, 8));
        // Windows before XP, and other writers to this day, put long data in one long cell.
        return length > SegmentSize && cell.Length < length ? Joined(cell, length) : cell.Read(0, length);
    }

    private byte[] Joined(HiveCell cell, int length)
    {
        var record = cell.Record("db", BigRecordSize);
        var needed = ((length - 1) / SegmentSize) + 1;
        if (BitConverter.ToUInt16(record, 2) < needed)
        {
            throw _file.Corrupt("a long value lacks some of its segments");
        }
        var list = _file.Cell(BitConverter.ToUInt32(record, 4)).Read(0, (long)needed * OffsetSize);
        // It grows with what is read, for the length is only what the record says.
        using var data = new MemoryStream();
        for (var at = 0; at < list.Length; at += OffsetSize)
        {
            var segment = _file.Cell(BitConverter.ToUInt32(list, at)).Read(0, Math.Min(SegmentSize, length - data.Length));
            data.Write(segment, 0, segment.Length);
        }
        return data.ToArray();
    }
}
