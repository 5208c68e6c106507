using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>A key of a hive: an "nk" record, with the lists of its subkeys and of its values.</summary>
/// <remarks>Layout: github.com/msuhanov/regf, sections Key node, Index leaf, Fast leaf, Hash leaf and Index root.</remarks>
internal sealed class HiveKey
{
    private const int RecordSize = 76;
    private const int CompressedName = 0x20;
    private const int ListHeader = 4;
    private const int OffsetSize = 4;

    private readonly HiveFile _file;
    private readonly uint _offset;
    private readonly uint _parent;
    private readonly uint _subkeyCount;
    private readonly uint _subkeyList;
    private readonly uint _valueCount;
    private readonly uint _valueList;

    private HiveKey(HiveFile file, uint offset)
    {
        var cell = file.Cell(offset);
        var record = cell.Record("nk", RecordSize);
        _file = file;
        _offset = offset;
        _parent = BitConverter.ToUInt32(record, 16);
        _subkeyCount = BitConverter.ToUInt32(record, 20);
        _subkeyList = BitConverter.ToUInt32(record, 28);
        _valueCount = BitConverter.ToUInt32(record, 36);
        _valueList = BitConverter.ToUInt32(record, 40);
        var compressed = (BitConverter.ToUInt16(record, 2) & CompressedName) != 0;
        Name = HiveText.Name(cell.Read(RecordSize, BitConverter.ToUInt16(record, 72)), compressed);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether any key stands below it.</summary>
    public bool HasSubkeys => _subkeyCount > 0;

    /// <summary>The topmost key of a hive.</summary>
    /// <exception cref="AibException">There is no key.</exception>
    public static HiveKey Root(HiveFile file) => new(file, file.RootOffset);

    /// <summary>The keys right below it.</summary>
    /// <exception cref="AibException">The hive is damaged.</exception>
    public IEnumerable<HiveKey> Subkeys() => SubkeyOffsets(hash: null).Select(Child);

    /// <summary>The key of that name right below it, in any case; null where there is none.</summary>
    /// <exception cref="AibException">The hive is damaged on the way there.</exception>
    public HiveKey? Subkey(string name) => SubkeyOffsets(HiveText.Hash(name)).Select(Child)
        .FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Its values.</summary>
    /// <exception cref="AibException">The hive is damaged.</exception>
    public IEnumerable<HiveValue> Values()
    {
        if (_valueCount == 0)
        {
            yield break;
        }
        var list = _file.Cell(_valueList).Read(0, (long)_valueCount * OffsetSize);
        for (var at = 0; at < list.Length; at += OffsetSize)
        {
            yield return new HiveValue(_file, BitConverter.ToUInt32(list, at));
        }
    }

    /// <summary>
    /// The key at an offset, which has to name this one as its parent, and which is not the topmost. So every key has one place,
    /// and no walk of the keys can go in circles. Neither can it by a name that, joined to a path, would lead elsewhere.
    /// </summary>
    private HiveKey Child(uint offset)
    {
        var key = new HiveKey(_file, offset);
        return key._parent != _offset || offset == _file.RootOffset ? throw _file.Corrupt($"the key at 0x{offset:x} is listed where it does not belong")
            : key.Name.Length == 0 || key.Name.Contains('\\') ? throw _file.Corrupt($"the key at 0x{offset:x} has an impossible name")
            : key;
    }

    private IEnumerable<uint> SubkeyOffsets(uint? hash)
    {
        if (!HasSubkeys)
        {
            yield break;
        }
        var (kind, list) = List(_subkeyList);
        if (kind != "ri")
        {
            foreach (var offset in Leaf(kind, list, hash))
            {
                yield return offset;
            }
            yield break;
        }
        for (var at = 0; at < list.Length; at += OffsetSize)
        {
            // An index root lists leaves only; Leaf refuses another root.
            var (leafKind, leaf) = List(BitConverter.ToUInt32(list, at));
            foreach (var offset in Leaf(leafKind, leaf, hash))
            {
                yield return offset;
            }
        }
    }

    /// <summary>A list of subkeys: its kind and the bytes of its elements.</summary>
    private (string Kind, byte[] Elements) List(uint offset)
    {
        var cell = _file.Cell(offset);
        var header = cell.Read(0, ListHeader);
        var kind = HiveText.Kind(header);
        return (kind, cell.Read(ListHeader, BitConverter.ToUInt16(header, 2) * ElementSize(kind)));
    }

    /// <summary>The keys that a leaf lists; of an lh leaf those whose hash is the one asked for.</summary>
    private IEnumerable<uint> Leaf(string kind, byte[] elements, uint? hash)
    {
        if (kind == "ri")
        {
            throw _file.Corrupt("a list of lists of subkeys lists another one");
        }
        for (var at = 0; at < elements.Length; at += ElementSize(kind))
        {
            if (kind != "lh" || hash is null || BitConverter.ToUInt32(elements, at + OffsetSize) == hash)
            {
                yield return BitConverter.ToUInt32(elements, at);
            }
        }
    }

    /// <summary>Bytes of an element: the offset of a key or a list, and in a fast or hash leaf four bytes that help to find a name.</summary>
    private int ElementSize(string kind) => kind switch
    {
        "lf" or "lh" => 2 * OffsetSize,
        "li" or "ri" => OffsetSize,
        _ => throw _file.Corrupt("a key has subkeys and no list of them"),
    };
}
