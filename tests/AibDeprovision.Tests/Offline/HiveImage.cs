using System.Buffers.Binary;
using System.Text;

namespace AibDeprovision.Tests.Offline;

/// <summary>
/// A hive as bytes, made cell by cell: the empty one that hivex needs to begin with, and those structures that hivex does not
/// write (index roots, fast and index leaves, segmented values). Layout: github.com/msuhanov/regf.
/// </summary>
internal sealed class HiveImage
{
    public const uint None = uint.MaxValue;
    private const int BaseBlock = 4096;
    private const int BinHeader = 32;

    private readonly List<byte[]> _cells = [];
    private uint _next = BinHeader;

    public HiveImage()
    {
        Root = Add(new byte[Key("ROOT", None).Length]);
        // hivex gives every new key its parent's security descriptor and wants the root to have one.
        Security = Add(SecurityRecord(_next));
        SetRoot(new());
    }

    public uint Root { get; }

    public uint Security { get; }

    /// <summary>What a key has below it.</summary>
    /// <param name="Subkeys">How many subkeys it says it has.</param>
    /// <param name="SubkeyList">Where their list is.</param>
    /// <param name="Values">How many values it says it has.</param>
    /// <param name="ValueList">Where their list is.</param>
    public sealed record Content(uint Subkeys = 0, uint SubkeyList = None, uint Values = 0, uint ValueList = None);

    /// <summary>Adds a cell and says where it is.</summary>
    public uint Add(byte[] data)
    {
        var at = _next;
        _cells.Add(data);
        _next += (uint)CellSize(data);
        return at;
    }

    /// <summary>Puts other bytes, no longer ones, where a cell is.</summary>
    public void Replace(uint at, byte[] data)
    {
        var offset = (uint)BinHeader;
        for (var i = 0; i < _cells.Count; offset += (uint)CellSize(_cells[i]), i++)
        {
            if (offset == at)
            {
                Assert.True(CellSize(data) <= CellSize(_cells[i]));
                Array.Resize(ref data, CellSize(_cells[i]) - 4);
                _cells[i] = data;
                return;
            }
        }
        Assert.Fail("There is no such cell.");
    }

    public void SetRoot(Content content) => Replace(Root, Key("ROOT", None, content, flags: 0x2C));

    /// <summary>An nk record.</summary>
    public byte[] Key(string name, uint parent, Content? content = null, int flags = 0x20)
    {
        var bytes = new byte[76 + name.Length];
        content ??= new Content();
        "nk"u8.CopyTo(bytes);
        Put16(bytes, 2, flags);
        Put(bytes, 16, parent);
        Put(bytes, 20, content.Subkeys);
        Put(bytes, 28, content.SubkeyList);
        Put(bytes, 32, None);
        Put(bytes, 36, content.Values);
        Put(bytes, 40, content.ValueList);
        Put(bytes, 44, Security);
        Put(bytes, 48, None);
        Put16(bytes, 72, name.Length);
        Encoding.Latin1.GetBytes(name).CopyTo(bytes, 76);
        return bytes;
    }

    /// <summary>A vk record whose data is elsewhere, or in the offset where the size says so.</summary>
    public static byte[] Value(string name, uint type, uint size, uint offset)
    {
        var bytes = new byte[20 + name.Length];
        "vk"u8.CopyTo(bytes);
        Put16(bytes, 2, name.Length);
        Put(bytes, 4, size);
        Put(bytes, 8, offset);
        Put(bytes, 12, type);
        Put16(bytes, 16, 1);
        Encoding.Latin1.GetBytes(name).CopyTo(bytes, 20);
        return bytes;
    }

    /// <summary>A list of subkeys of the kind: li and ri of offsets, lf with the first letters of the names, lh with their hash.</summary>
    public static byte[] List(string kind, params (uint At, string Name)[] elements)
    {
        var isLong = kind is "lf" or "lh";
        var bytes = new byte[4 + (elements.Length * (isLong ? 8 : 4))];
        Encoding.Latin1.GetBytes(kind).CopyTo(bytes, 0);
        Put16(bytes, 2, elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            Put(bytes, 4 + (i * (isLong ? 8 : 4)), elements[i].At);
            if (kind == "lh")
            {
                Put(bytes, 8 + (i * 8), elements[i].Name.ToUpperInvariant().Aggregate(0u, (hash, letter) => (hash * 37) + letter));
            }
            else if (kind == "lf")
            {
                Encoding.Latin1.GetBytes(elements[i].Name[..Math.Min(4, elements[i].Name.Length)]).CopyTo(bytes, 8 + (i * 8));
            }
        }
        return bytes;
    }

    public static byte[] Offsets(params uint[] offsets)
    {
        var bytes = new byte[offsets.Length * 4];
        for (var i = 0; i < offsets.Length; i++)
        {
            Put(bytes, i * 4, offsets[i]);
        }
        return bytes;
    }

    /// <summary>Adds data that is cut into segments, and says where its db record is.</summary>
    public uint AddBigData(byte[] data)
    {
        // Windows leaves four bytes unused behind each segment, and hivex counts on them.
        var segments = data.Chunk(16344).Select(segment => Add([.. segment, 0, 0, 0, 0])).ToArray();
        var record = new byte[8];
        "db"u8.CopyTo(record);
        Put16(record, 2, segments.Length);
        Put(record, 4, Add(Offsets(segments)));
        return Add(record);
    }

    /// <summary>The whole file: a base block and one bin.</summary>
    public byte[] ToBytes()
    {
        var used = (int)_next;
        var binSize = (used + 8 + 4095) / 4096 * 4096;
        var file = new byte[BaseBlock + binSize];
        "regf"u8.CopyTo(file);
        Put(file, 4, 1);
        Put(file, 8, 1);
        Put(file, 20, 1);
        Put(file, 24, 5);
        Put(file, 32, 1);
        Put(file, 36, Root);
        Put(file, 40, (uint)binSize);
        Put(file, 44, 1);
        Seal(file);
        "hbin"u8.CopyTo(file.AsSpan(BaseBlock));
        Put(file, BaseBlock + 8, (uint)binSize);
        var at = BaseBlock + BinHeader;
        foreach (var cell in _cells)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), -CellSize(cell));
            cell.CopyTo(file, at + 4);
            at += CellSize(cell);
        }
        Put(file, at, (uint)(file.Length - at));
        return file;
    }

    /// <summary>Writes the least that is taken for an image of Windows: both hives, with nothing in them.</summary>
    public static void WriteEmptyWindows(string root)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "Windows", "System32", "config")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "SOFTWARE"), new HiveImage().ToBytes());
        File.WriteAllBytes(Path.Combine(folder, "SYSTEM"), new HiveImage().ToBytes());
    }

    /// <summary>Writes the checksum of the head.</summary>
    public static void Seal(byte[] file)
    {
        var sum = 0u;
        for (var at = 0; at < 508; at += 4)
        {
            sum ^= BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));
        }
        Put(file, 508, sum);
    }

    public static void Put(byte[] bytes, int at, uint number) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), number);

    private static void Put16(byte[] bytes, int at, int number) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)number);

    private static int CellSize(byte[] data) => (data.Length + 4 + 7) / 8 * 8;

    private static byte[] SecurityRecord(uint at)
    {
        var bytes = new byte[16 + 20];
        "sk"u8.CopyTo(bytes);
        Put(bytes, 4, at);
        Put(bytes, 8, at);
        Put(bytes, 12, 1);
        // A self-relative descriptor, revision 1, without owner, group or lists.
        Put(bytes, 16, 20);
        bytes[20] = 1;
        bytes[23] = 0x80;
        return bytes;
    }
}
