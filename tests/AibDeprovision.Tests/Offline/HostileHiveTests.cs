using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows.Offline;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Offline;

/// <summary>
/// Hives that were cut off, changed or made to harm: each question is answered or ends in CorruptHive, no answer reads more
/// bytes than the file has, or than any question takes, and a walk of all keys meets no more of them than the file has room for.
/// </summary>
public sealed class HostileHiveTests : IDisposable
{
    private const int SmallestKey = 80;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_sound_hive_is_walked_to_its_end()
    {
        var bytes = EveryStructure();

        Assert.True(Survives(bytes));

        using var hive = Open(bytes);
        Assert.Equal(["beta", "gamma", "alpha", "delta", "epsilon"], hive.SubkeyNames(""));
        Assert.Equal(["one", "two"], hive.SubkeyNames("alpha"));
        Assert.Equal(["three"], hive.SubkeyNames("alpha\\one"));
        Assert.Equal("text", hive.Value("alpha\\one\\three", "sz"));
        Assert.Equal(7, hive.Value("alpha", "dword"));
        Assert.Equal(17_000, Assert.IsType<byte[]>(hive.Value("", "big")).Length);
    }

    [Fact]
    public void Cut_off_anywhere()
    {
        var bytes = EveryStructure();
        var random = new Random(4096);
        var lengths = Enumerable.Range(0, (bytes.Length / 4096) + 1).Select(page => page * 4096)
            .Concat(Enumerable.Range(0, 400).Select(_ => random.Next(bytes.Length)));

        // The last thing in the file is the size of the cell that is free; what is before it is needed, to the last byte.
        var used = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) / 8 * 8;

        Assert.All(lengths.Concat([used - 1, used]), length => Assert.Equal(length >= used, Survives(bytes[..length])));
    }

    [Fact]
    public void Changed_anywhere()
    {
        var bytes = EveryStructure();
        var random = new Random(20);
        // Most bytes are padding or the long value's, where a change does no harm; the structures are worth the more tries.
        var structures = Enumerable.Range(0, bytes.Length).Where(i => bytes[i] is not (0 or Filler)).ToArray();
        var whole = 0;
        for (var i = 0; i < 6000; i++)
        {
            var changed = (byte[])bytes.Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                changed[structures[random.Next(structures.Length)]] = (byte)random.Next(256);
            }
            whole += Survives(changed) ? 1 : 0;
        }

        // Some changes must do harm and others none, or the test changes nothing that counts.
        Assert.InRange(whole, 600, 5400);
    }

    [Fact]
    public void Numbers_changed_to_extremes_everywhere()
    {
        var bytes = EveryStructure();
        uint[] extremes = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, uint.MaxValue, 0x20, (uint)bytes.Length];
        for (var at = 0; at < bytes.AsSpan().LastIndexOfAnyExcept((byte)0); at += 4)
        {
            // The long value's bytes, and those of the head that mean nothing.
            if (bytes.AsSpan(at, 4).IndexOfAnyExcept(Filler) < 0 || at is >= 512 and < 4096)
            {
                continue;
            }
            foreach (var extreme in extremes)
            {
                var changed = (byte[])bytes.Clone();
                HiveImage.Put(changed, at, extreme);
                Survives(changed);
            }
        }
    }

    [Fact]
    public void A_hive_of_hivex_cut_off_and_changed()
    {
        Hivex.SkipWhereMissing();
        File.WriteAllBytes(_scratch["hive"], new HiveImage().ToBytes());
        var keys = Enumerable.Range(0, 60).Select(i => $"[\\Key{i}]\n\"text\"=\"value {i}\"\n\"number\"=dword:{i:x8}\n\"bytes\"=hex:01,02,03,04,05,06\n\n[\\Key{i}\\below]\n@=\"x\"\n");
        Hivex.Merge(_scratch["hive"], string.Join('\n', keys));
        var bytes = File.ReadAllBytes(_scratch["hive"]);
        var random = new Random(60);

        Assert.True(Survives(bytes));
        for (var i = 0; i < 200; i++)
        {
            Survives(bytes[..random.Next(bytes.Length)]);
        }
        for (var i = 0; i < 2000; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            Survives(changed);
        }
    }

    [Fact]
    public void A_key_that_lists_itself()
    {
        var image = new HiveImage();
        image.SetRoot(new(Subkeys: 1, SubkeyList: image.Add(HiveImage.List("lh", (image.Root, "ROOT")))));
        IsCorrupt(image, hive => hive.SubkeyNames(""), "where it does not belong");
        IsCorrupt(image, hive => hive.Exists("ROOT"), "where it does not belong");

        // Even where it says that it is its own parent.
        var bytes = image.ToBytes();
        HiveImage.Put(bytes, 4096 + (int)image.Root + 4 + 16, image.Root);
        IsCorrupt(bytes, hive => hive.Exists("ROOT"), "where it does not belong");
    }

    [Fact]
    public void Two_keys_that_list_each_other()
    {
        var image = new HiveImage();
        var below = image.Add(image.Key("below", image.Root, new()));
        var above = image.Add(HiveImage.List("lf", (image.Root, "ROOT")));
        image.Replace(below, image.Key("below", image.Root, new(Subkeys: 1, SubkeyList: above)));
        image.SetRoot(new(Subkeys: 1, SubkeyList: image.Add(HiveImage.List("lf", (below, "below")))));

        IsCorrupt(image, hive => hive.SubkeyNames("below"), "where it does not belong");
        Assert.False(Survives(image.ToBytes()));
    }

    [Fact]
    public void A_key_in_two_places()
    {
        var image = new HiveImage();
        var shared = image.Add(image.Key("shared", image.Root));
        var list = image.Add(HiveImage.List("lf", (shared, "shared")));
        var other = image.Add(image.Key("other", image.Root, new(Subkeys: 1, SubkeyList: list)));
        image.SetRoot(new(Subkeys: 2, SubkeyList: image.Add(HiveImage.List("lf", (other, "other"), (shared, "shared")))));

        IsCorrupt(image, hive => hive.SubkeyNames("other"), "where it does not belong");
    }

    [Fact]
    public void An_index_root_that_lists_itself_or_another()
    {
        var image = new HiveImage();
        var list = image.Add(HiveImage.List("ri", (0, "")));
        image.Replace(list, HiveImage.List("ri", (list, "")));
        image.SetRoot(new(Subkeys: 1, SubkeyList: list));

        IsCorrupt(image, hive => hive.SubkeyNames(""), "lists another one");
        IsCorrupt(image, hive => hive.Exists("x"), "lists another one");
    }

    [Fact]
    public void A_list_that_names_one_leaf_thousands_of_times()
    {
        var image = new HiveImage();
        var leaf = image.Add(HiveImage.List("li", [.. Enumerable.Repeat((image.Add(image.Key("x", image.Root)), "x"), 5000)]));
        var list = image.Add(HiveImage.List("ri", [.. Enumerable.Repeat((leaf, ""), 5000)]));
        image.SetRoot(new(Subkeys: 1, SubkeyList: list));

        IsCorrupt(image, hive => hive.SubkeyNames(""), "circles");
        IsCorrupt(image, hive => hive.Exists("y"), "circles");
    }

    [Theory]
    [InlineData(1L << 30)]
    [InlineData(1L << 40)]
    public void A_sparse_file_costs_no_time(long length)
    {
        var image = new HiveImage();
        var leaf = image.Add(HiveImage.List("li", [.. Enumerable.Repeat((image.Add(image.Key("x", image.Root)), "x"), 65535)]));
        var list = image.Add(HiveImage.List("ri", [.. Enumerable.Repeat((leaf, ""), 65535)]));
        image.SetRoot(new(Subkeys: 1, SubkeyList: list));
        File.WriteAllBytes(_scratch["hive"], image.ToBytes());
        using (var stream = File.OpenWrite(_scratch["hive"]))
        {
            stream.SetLength(length);
        }
        using var hive = RegistryHive.Open(_scratch["hive"]);

        Assert.Contains("circles", Assert.Throws<AibException>(() => hive.Exists("y")).Message, StringComparison.Ordinal);
        Assert.InRange(hive.BytesRead, 0, 64 * 1024 * 1024);
    }

    [Fact]
    public void A_list_that_names_one_value_thousands_of_times()
    {
        var image = new HiveImage();
        var value = image.Add(HiveImage.Value(new string('v', 1000), 1, 0, HiveImage.None));
        image.SetRoot(new(Values: 5000, ValueList: image.Add(HiveImage.Offsets([.. Enumerable.Repeat(value, 5000)]))));

        IsCorrupt(image, hive => hive.ValueNames(""), "circles");
    }

    [Fact]
    public void Counts_beyond_the_cell()
    {
        var image = new HiveImage();
        var list = image.Add(HiveImage.Offsets(image.Root));
        image.SetRoot(new(Values: 0xFFFFFFFF, ValueList: list));
        IsCorrupt(image, hive => hive.ValueNames(""), "shorter");

        var leaf = HiveImage.List("lh", (image.Root, "x"));
        leaf[2] = leaf[3] = 0xFF;
        image.SetRoot(new(Subkeys: 0xFFFFFFFF, SubkeyList: image.Add(leaf)));
        IsCorrupt(image, hive => hive.SubkeyNames(""), "shorter");

        image.SetRoot(new(Subkeys: 1, SubkeyList: HiveImage.None));
        IsCorrupt(image, hive => hive.SubkeyNames(""), "no cell can begin");
    }

    [Theory]
    [InlineData(5u, 0x80000005u)]
    [InlineData(3u, 0xFFFFFFFFu)]
    [InlineData(3u, 0x7FFFFFFFu)]
    [InlineData(3u, 100u)]
    [InlineData(1u, 16345u)]
    public void Data_that_is_longer_than_what_holds_it(uint type, uint size)
    {
        var image = new HiveImage();
        var value = image.Add(HiveImage.Value("v", type, size, image.Add(new byte[8])));
        image.SetRoot(new(Values: 1, ValueList: image.Add(HiveImage.Offsets(value))));

        using var hive = Open(image.ToBytes());

        Assert.Equal(["v"], hive.ValueNames(""));
        Assert.Equal(ErrorId.CorruptHive, Assert.Throws<AibException>(() => hive.Value("", "v")).Id);
    }

    [Fact]
    public void Segments_that_are_one_and_the_same()
    {
        var image = new HiveImage();
        var segment = image.Add(new byte[16344]);
        byte[] record = [.. "db"u8, 0xFF, 0xFF, 0, 0, 0, 0];
        HiveImage.Put(record, 4, image.Add(HiveImage.Offsets([.. Enumerable.Repeat(segment, 0xFFFF)])));
        var value = image.Add(HiveImage.Value("v", 3, 0x7FFFFFFF, image.Add(record)));
        var smaller = image.Add(HiveImage.Value("w", 3, 16344 * 0xFFFF, image.Add(record)));
        image.SetRoot(new(Values: 2, ValueList: image.Add(HiveImage.Offsets(value, smaller))));

        IsCorrupt(image, hive => hive.Value("", "v"), "segments");
        IsCorrupt(image, hive => hive.Value("", "w"), "circles");
    }

    [Fact]
    public void Names_that_would_lead_elsewhere()
    {
        foreach (var name in (string[])["", "a\\b", "\\"])
        {
            var image = new HiveImage();
            image.SetRoot(new(Subkeys: 1, SubkeyList: image.Add(HiveImage.List("li", (image.Add(image.Key(name, image.Root)), name)))));
            IsCorrupt(image, hive => hive.SubkeyNames(""), "impossible name");
        }
    }

    [Fact]
    public void Keys_that_nest_without_end()
    {
        var image = new HiveImage();
        var keys = new List<uint> { image.Root };
        for (var i = 0; i < 600; i++)
        {
            keys.Add(image.Add(image.Key("k", keys[^1])));
        }
        for (var i = 0; i < 600; i++)
        {
            var content = new HiveImage.Content(Subkeys: 1, SubkeyList: image.Add(HiveImage.List("lf", (keys[i + 1], "k"))));
            image.Replace(keys[i], image.Key(i == 0 ? "ROOT" : "k", i == 0 ? HiveImage.None : keys[i - 1], content));
        }

        IsCorrupt(image, hive => hive.SubkeyNames(string.Join('\\', Enumerable.Repeat("k", 512))), "deeper");
        Assert.False(Survives(image.ToBytes()));
    }

    [Fact]
    public void A_sparse_file_costs_no_memory()
    {
        var image = new HiveImage();
        var value = image.Add(HiveImage.Value("v", 3, 0x70000000, 0x10000));
        image.SetRoot(new(Values: 1, ValueList: image.Add(HiveImage.Offsets(value))));
        var bytes = image.ToBytes();
        using (var stream = File.Create(_scratch["hive"]))
        {
            stream.Write(bytes);
            stream.Position = 4096 + 0x10000;
            stream.Write(BitConverter.GetBytes(-0x78000000));
            stream.SetLength(0x79000000);
        }
        using var hive = RegistryHive.Open(_scratch["hive"]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(ErrorId.CorruptHive, Assert.Throws<AibException>(() => hive.Value("", "v")).Id);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private const byte Filler = 0xA5;

    /// <summary>A small hive with every structure that the reader knows.</summary>
    private static byte[] EveryStructure()
    {
        var image = new HiveImage();
        var big = Enumerable.Repeat(Filler, 17_000).ToArray();
        var text = Encoding.Unicode.GetBytes("text\0");
        uint[] values =
        [
            image.Add(HiveImage.Value("sz", 1, (uint)text.Length, image.Add(text))),
            image.Add(HiveImage.Value("dword", 4, 0x80000004, 7)),
            image.Add(HiveImage.Value("", 7, 4, image.Add([0x41, 0, 0, 0]))),
        ];
        var list = image.Add(HiveImage.Offsets(values));
        var alpha = image.Add(image.Key("alpha", image.Root));
        var one = image.Add(image.Key("one", alpha));
        var two = image.Add(image.Key("two", alpha));
        var three = image.Add(image.Key("three", one, new(Values: 3, ValueList: list)));
        image.Replace(one, image.Key("one", alpha, new(Subkeys: 1, SubkeyList: image.Add(HiveImage.List("li", (three, ""))))));
        image.Replace(alpha, image.Key("alpha", image.Root, new(2, image.Add(HiveImage.List("lf", (one, "one"), (two, "two"))), 3, list)));
        (uint, string) Leaf(string kind, params string[] names) =>
            (image.Add(HiveImage.List(kind, [.. names.Select(name => (name == "alpha" ? alpha : image.Add(image.Key(name, image.Root)), name))])), "");
        var lists = image.Add(HiveImage.List("ri", Leaf("lh", "beta", "gamma"), Leaf("lf", "alpha", "delta"), Leaf("li", "epsilon")));
        var value = image.Add(HiveImage.Value("big", 3, 17_000, image.AddBigData(big)));
        image.SetRoot(new(5, lists, 1, image.Add(HiveImage.Offsets(value))));
        return image.ToBytes();
    }

    /// <summary>Asks everything of a hive; whether it had an answer each time. What is neither an answer nor CorruptHive fails.</summary>
    private bool Survives(byte[] bytes)
    {
        var isWhole = true;
        RegistryHive? hive = null;
        void Ask(Action question)
        {
            try
            {
                question();
            }
            catch (AibException e)
            {
                Assert.Equal(ErrorId.CorruptHive, e.Id);
                isWhole = false;
            }
            Assert.InRange(hive?.BytesRead ?? 0, 0, bytes.Length);
        }

        Ask(() => hive = Open(bytes));
        using (hive)
        {
            if (hive is null)
            {
                return false;
            }
            foreach (var (key, value) in ((string, string)[])[("", "big"), ("alpha", "dword"), ("alpha\\one\\three", "sz"), ("alpha\\two", ""), ("epsilon", "none"), ("nowhere\\at all", "x")])
            {
                Ask(() => hive.Value(key, value));
                Ask(() => hive.Exists(key));
            }
            var met = 0;
            var left = new Stack<string>([""]);
            while (left.TryPop(out var key))
            {
                Assert.True(++met <= 1 + (bytes.Length / SmallestKey), "The walk goes in circles.");
                Ask(() => Assert.All(hive.ValueNames(key), name => Ask(() => hive.Value(key, name))));
                Ask(() => hive.SubkeyNames(key).ToList().ForEach(name => left.Push(key.Length == 0 ? name : $"{key}\\{name}")));
            }
        }
        return isWhole;
    }

    private RegistryHive Open(byte[] bytes)
    {
        File.WriteAllBytes(_scratch["hive"], bytes);
        return RegistryHive.Open(_scratch["hive"]);
    }

    private void IsCorrupt(HiveImage image, Action<RegistryHive> question, string how) => IsCorrupt(image.ToBytes(), question, how);

    private void IsCorrupt(byte[] bytes, Action<RegistryHive> question, string how)
    {
        using var hive = Open(bytes);
        var error = Assert.Throws<AibException>(() => question(hive));
        Assert.Equal(ErrorId.CorruptHive, error.Id);
        Assert.Contains(how, error.Message, StringComparison.Ordinal);
        Assert.InRange(hive.BytesRead, 0, bytes.Length);
    }
}
