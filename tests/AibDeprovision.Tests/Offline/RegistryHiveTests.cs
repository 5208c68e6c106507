using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows.Offline;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Offline;

/// <summary>What hivex has written into a hive is what is read back from it.</summary>
public sealed class RegistryHiveTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string File => _scratch["hive"];

    public void Dispose() => _scratch.Dispose();

    /// <summary>Every kind of data: its type, its bytes, and what they are.</summary>
    public static TheoryData<string, uint, byte[], object> Kinds => new()
    {
        { "a text", 1, Utf16("C:\\Windows\0"), "C:\\Windows" },
        { "a text without an end", 1, Utf16("open"), "open" },
        { "a text with something behind its end", 1, Utf16("seen\0unseen\0"), "seen" },
        { "a text of an odd length", 1, [.. Utf16("odd"), 0x41], "odd" },
        { "a text of all the world", 1, Utf16("Größe Ключ 日本 \U0001F600\0"), "Größe Ключ 日本 \U0001F600" },
        { "half a surrogate", 1, [0x00, 0xD8, 0x41, 0x00], "\uD800A" },
        { "an empty text", 1, [], "" },
        { "a text of a terminator", 1, [0, 0], "" },
        { "a text to expand", 2, Utf16("%SystemRoot%\\x\0"), "%SystemRoot%\\x" },
        { "a number", 4, [0x78, 0x56, 0x34, 0x12], 0x12345678 },
        { "a negative number", 4, [0xFF, 0xFF, 0xFF, 0xFF], -1 },
        { "a number that is too short", 4, [1, 2], new byte[] { 1, 2 } },
        { "a number that is not there", 4, [], Array.Empty<byte>() },
        { "a long number", 11, [8, 7, 6, 5, 4, 3, 2, 1], 0x0102030405060708 },
        { "a long number that is too short", 11, [1, 0, 0, 0], new byte[] { 1, 0, 0, 0 } },
        { "texts", 7, Utf16("one\0two\0\0"), new[] { "one", "two" } },
        { "texts with an empty one", 7, Utf16("one\0\0two\0\0"), new[] { "one", "", "two" } },
        { "texts without an end", 7, Utf16("one\0two"), new[] { "one", "two" } },
        { "no texts", 7, [0, 0], Array.Empty<string>() },
        { "no texts at all", 7, [], Array.Empty<string>() },
        { "bytes", 3, [.. Enumerable.Range(0, 256).Select(i => (byte)i)], Enumerable.Range(0, 256).Select(i => (byte)i).ToArray() },
        { "three bytes", 3, [1, 2, 3], new byte[] { 1, 2, 3 } },
        { "four bytes", 3, [1, 2, 3, 4], new byte[] { 1, 2, 3, 4 } },
        { "five bytes", 3, [1, 2, 3, 4, 5], new byte[] { 1, 2, 3, 4, 5 } },
        { "no type", 0, [1], new byte[] { 1 } },
        { "a big-endian number", 5, [0, 0, 0, 1], new byte[] { 0, 0, 0, 1 } },
        { "a link", 6, Utf16("\\Registry"), Utf16("\\Registry") },
        { "a type of no name", 0x12, [1, 2], new byte[] { 1, 2 } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_value_is_read_as_what_it_is(string name, uint type, byte[] data, object expected)
    {
        Merged($"[\\Kinds]\n\"{name}\"=hex({type:x}):{Hivex.Hex(data)}\n");

        using var hive = RegistryHive.Open(File);

        Assert.Equal(expected, hive.Value("kinds", name.ToUpperInvariant()));
        Assert.Equal([name], hive.ValueNames("Kinds"));
    }

    [Fact]
    public void What_is_not_there_is_nothing_and_no_error()
    {
        Merged("[\\Here]\n\"value\"=\"x\"\n");

        using var hive = RegistryHive.Open(File);

        Assert.True(hive.Exists(""));
        Assert.True(hive.Exists("here"));
        Assert.False(hive.Exists("There"));
        Assert.False(hive.Exists("Here\\value"));
        Assert.Null(hive.Value("Here", "other"));
        Assert.Null(hive.Value("There", "value"));
        Assert.Empty(hive.ValueNames("There"));
        Assert.Empty(hive.SubkeyNames("There"));
        Assert.Empty(hive.SubkeyNames("Here"));
        Assert.False(hive.IsDirty);
    }

    [Fact]
    public void The_default_value_is_the_one_without_a_name()
    {
        Merged("[\\Key]\n@=\"the default\"\n\"other\"=dword:00000001\n");

        using var hive = RegistryHive.Open(File);

        Assert.Equal("the default", hive.Value("Key", ""));
        Assert.Equal(["", "other"], hive.ValueNames("Key").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Größe")]
    [InlineData("Ключ")]
    [InlineData("日本語")]
    [InlineData("\U0001F600")]
    [InlineData("with spaces, {braces} and /slashes/")]
    public void Names_are_read_in_every_script_and_case(string name)
    {
        Merged($"[\\{name}]\n\"{name}\"=\"{name}\"\n\n[\\{name}\\below]\n\n[\\aaa]\n\n[\\zzz]\n");

        using var hive = RegistryHive.Open(File);

        Assert.Equal(name, hive.Value(name.ToUpperInvariant(), name.ToLowerInvariant()));
        Assert.Equal(((string[])["aaa", "zzz", name]).Order(StringComparer.Ordinal), hive.SubkeyNames("").Order(StringComparer.Ordinal));
        Assert.Equal(["below"], hive.SubkeyNames(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lf")]
    [InlineData("lh")]
    public void Of_thousands_of_keys_one_is_found_without_reading_the_others(string leavesOfIndexRoot)
    {
        Hivex.SkipWhereMissing();
        // hivex puts a new key into the list that is there: its own lh, or a leaf of an index root that the hive began with.
        System.IO.File.WriteAllBytes(File, leavesOfIndexRoot.Length == 0 ? new HiveImage().ToBytes() : IndexRoot(leavesOfIndexRoot));
        var names = Enumerable.Range(0, 2000).Select(i => $"Key {i}").ToArray();
        Hivex.Shell(File, names.SelectMany(name => (string[])[$"add {name}", $"cd {name}", "setval 1", "name", $"string:{name}", "cd \\ "]));

        using var hive = RegistryHive.Open(File);

        string[] old = leavesOfIndexRoot.Length == 0 ? [] : ["C", "M", "X"];
        Assert.Equal(names.Concat(old).Order(StringComparer.Ordinal), hive.SubkeyNames("").Order(StringComparer.Ordinal));
        // An lf list has no hashes: each of its keys is looked at.
        Assert.All(names.Where((_, i) => leavesOfIndexRoot != "lf" || i % 100 == 0), name => Assert.Equal(name, hive.Value(name.ToUpperInvariant(), "name")));
        Assert.All(old, name => Assert.True(hive.Exists(name)));
        if (leavesOfIndexRoot != "lf")
        {
            Assert.Equal("Key 1999", hive.Value("Key 1999", "name"));
            // Eight bytes for each key in the list, and a few records.
            Assert.InRange(hive.BytesRead, 1, (8 * 2003) + 2000);
        }
    }

    [Fact]
    public void Keys_are_found_500_deep()
    {
        Hivex.SkipWhereMissing();
        System.IO.File.WriteAllBytes(File, new HiveImage().ToBytes());
        Hivex.Shell(File, [.. Enumerable.Range(0, 500).SelectMany(i => (string[])[$"add k{i}", $"cd k{i}"]), "setval 1", "end", "dword:0x1f4"]);

        using var hive = RegistryHive.Open(File);

        Assert.Equal(500, hive.Value(string.Join('\\', Enumerable.Range(0, 500).Select(i => $"K{i}")), "End"));
    }

    [Fact]
    public void Long_data_is_read_from_one_cell_as_hivex_writes_it()
    {
        var data = Noise(500_000);
        Merged($"[\\Key]\n\"long\"=hex:{Hivex.Hex(data)}\n\"longer than a segment by one\"=hex:{Hivex.Hex(data[..16345])}\n");

        using var hive = RegistryHive.Open(File);

        Assert.Equal(data, hive.Value("Key", "long"));
        Assert.Equal(data[..16345], hive.Value("Key", "longer than a segment by one"));
    }

    [Theory]
    [InlineData(16344 + 1)]
    [InlineData(2 * 16344)]
    [InlineData(200_000)]
    public void Long_data_is_read_from_segments_as_hivex_reads_it(int length)
    {
        Hivex.SkipWhereMissing();
        var data = Noise(length);
        var image = new HiveImage();
        var value = image.Add(HiveImage.Value("big", 3, (uint)length, image.AddBigData(data)));
        image.SetRoot(new(Values: 1, ValueList: image.Add(HiveImage.Offsets(value))));
        System.IO.File.WriteAllBytes(File, image.ToBytes());

        using var hive = RegistryHive.Open(File);

        Assert.Equal(data, hive.Value("", "big"));
        Assert.Contains($"\"big\"=hex(3):{Hivex.Hex(data)}", Hivex.Export(File, "\\"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_was_deleted_is_gone()
    {
        Merged("[\\Key]\n\"a\"=\"1\"\n\n[\\Key\\below]\n\n[\\Other]\n");
        Hivex.Merge(File, "[-\\Key]\n");

        using var hive = RegistryHive.Open(File);

        Assert.False(hive.Exists("Key"));
        Assert.Equal(["Other"], hive.SubkeyNames(""));
    }

    [Fact]
    public void A_hive_that_was_not_written_to_its_end_says_so_and_is_read()
    {
        Merged("[\\Key]\n\"a\"=\"1\"\n");
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes[4]++;
        HiveImage.Seal(bytes);
        System.IO.File.WriteAllBytes(_scratch["ahead"], bytes);
        bytes[4]--;
        System.IO.File.WriteAllBytes(_scratch["unsealed"], bytes);

        foreach (var name in (string[])["ahead", "unsealed"])
        {
            using var hive = RegistryHive.Open(_scratch[name]);
            Assert.True(hive.IsDirty);
            Assert.Equal("1", hive.Value("Key", "a"));
        }
    }

    [Fact]
    public void A_missing_an_empty_and_a_foreign_file_are_clear_errors()
    {
        Directory.CreateDirectory(_scratch["folder"]);
        System.IO.File.WriteAllText(_scratch["empty"], "");
        System.IO.File.WriteAllText(_scratch["text"], new string('x', 10_000));

        Assert.Equal(ErrorId.FileNotFound, Error("missing").Id);
        Assert.Equal(ErrorId.FileNotFound, Error("no", "such", "folder").Id);
        Assert.Equal(ErrorId.ReadFailed, Error("folder").Id);
        Assert.Equal(ErrorId.CorruptHive, Error("empty").Id);
        var error = Error("text");
        Assert.Equal(ErrorId.CorruptHive, error.Id);
        Assert.Equal(_scratch["text"], error.Target);
        Assert.Contains("'regf'", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Advice);
    }

    private AibException Error(params string[] parts) => Assert.Throws<AibException>(() => RegistryHive.Open(_scratch[parts]).Dispose());

    private void Merged(string reg)
    {
        Hivex.SkipWhereMissing();
        System.IO.File.WriteAllBytes(File, new HiveImage().ToBytes());
        Hivex.Merge(File, reg);
    }

    private static byte[] IndexRoot(string kind)
    {
        var image = new HiveImage();
        var leaves = new List<(uint, string)>();
        foreach (var name in (string[])["C", "M", "X"])
        {
            leaves.Add((image.Add(HiveImage.List(kind, (image.Add(image.Key(name, image.Root)), name))), ""));
        }
        image.SetRoot(new(Subkeys: 3, SubkeyList: image.Add(HiveImage.List("ri", [.. leaves]))));
        return image.ToBytes();
    }

    private static byte[] Utf16(string text) => Encoding.Unicode.GetBytes(text);

    /// <summary>The same bytes for the same length.</summary>
    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
