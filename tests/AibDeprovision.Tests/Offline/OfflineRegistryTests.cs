using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows.Offline;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Offline;

/// <summary>The registry and the root of an image: what a mounted Windows answers, written into its hives by hivex.</summary>
public sealed class OfflineRegistryTests : IDisposable
{
    private const string Software = """
        [\Microsoft]

        [\Microsoft\Windows]
        "Version"="10"

        """;

    private const string TwoControlSets = """
        [\Select]
        "Current"=dword:00000002
        "Default"=dword:00000001

        [\ControlSet001]
        "which"="first"

        [\ControlSet002]
        "which"="second"

        [\ControlSet002\Services]

        [\ControlSet002\Services\RdAgent]
        "Start"=dword:00000002

        [\Setup]
        "SetupType"=dword:00000000

        """;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_current_control_set_is_the_one_that_Select_names()
    {
        using var windows = Image(TwoControlSets);
        var registry = windows.Registry;

        Assert.Equal("second", registry.Value(@"HKLM\SYSTEM\CurrentControlSet", "which"));
        Assert.Equal("second", registry.Value(@"hklm\system\currentcontrolset", "WHICH"));
        Assert.Equal("first", registry.Value(@"HKLM\SYSTEM\ControlSet001", "which"));
        Assert.Equal(2, registry.Value(@"HKLM\SYSTEM\CurrentControlSet\Services\RdAgent", "Start"));
        Assert.Equal(["RdAgent"], registry.SubkeyNames(@"HKLM\SYSTEM\CurrentControlSet\Services"));
        Assert.Equal(["which"], registry.ValueNames(@"HKLM\SYSTEM\CurrentControlSet"));
        Assert.True(registry.Exists(@"HKLM\SYSTEM\CurrentControlSet\Services\"));
        Assert.False(registry.Exists(@"HKLM\SYSTEM\CurrentControlSet\Control"));
        Assert.Equal(0, registry.Value(@"HKLM\SYSTEM\Setup", "SetupType"));
    }

    [Theory]
    [InlineData("[\\Other]\n")]
    [InlineData("[\\Select]\n\"Current\"=\"1\"\n\n[\\ControlSet001]\n")]
    [InlineData("[\\Select]\n\"Current\"=dword:00000003\n\n[\\ControlSet001]\n")]
    public void Without_a_current_control_set_nothing_stands_in_it(string system)
    {
        using var windows = Image(system);

        Assert.False(windows.Registry.Exists(@"HKLM\SYSTEM\CurrentControlSet"));
        Assert.Null(windows.Registry.Value(@"HKLM\SYSTEM\CurrentControlSet\Services\RdAgent", "Start"));
        Assert.Empty(windows.Registry.SubkeyNames(@"HKLM\SYSTEM\CurrentControlSet"));
    }

    [Fact]
    public void SOFTWARE_is_read_and_other_roots_are_empty()
    {
        using var windows = Image(TwoControlSets);
        var registry = windows.Registry;

        Assert.Equal("10", registry.Value(@"HKLM\SOFTWARE\Microsoft\Windows", "Version"));
        Assert.Equal(["Windows"], registry.SubkeyNames(@"HKLM\SOFTWARE\Microsoft"));
        Assert.True(registry.Exists("HKLM"));
        Assert.True(registry.Exists(@"HKLM\SOFTWARE"));
        Assert.Equal(["SOFTWARE", "SYSTEM"], registry.SubkeyNames("HKLM"));
        Assert.Empty(registry.ValueNames("HKLM"));
        foreach (var key in (string[])[@"HKCU\SOFTWARE\Microsoft", @"HKLM\SAM\SAM", "HKCU", "", @"\", @"SOFTWARE\Microsoft", @"HKLM\CurrentControlSet"])
        {
            Assert.False(registry.Exists(key));
            Assert.Null(registry.Value(key, ""));
            Assert.Empty(registry.ValueNames(key));
            Assert.Empty(registry.SubkeyNames(key));
        }
        Assert.Empty(registry.DirtyHives);
    }

    [Fact]
    public void A_hive_that_was_not_written_to_its_end_is_named()
    {
        using (Image(TwoControlSets))
        {
        }
        var bytes = File.ReadAllBytes(HiveFile("SYSTEM"));
        bytes[4]++;
        File.WriteAllBytes(HiveFile("SYSTEM"), bytes);

        using var windows = OfflineWindows.Open(_scratch.Path);

        Assert.True(windows.Registry.Exists(@"HKLM\SOFTWARE\Microsoft"));
        Assert.Empty(windows.Registry.DirtyHives);
        Assert.Equal("second", windows.Registry.Value(@"HKLM\SYSTEM\CurrentControlSet", "which"));
        Assert.Equal([HiveFile("SYSTEM")], windows.Registry.DirtyHives);
    }

    [Fact]
    public void A_damaged_hive_is_an_error_each_time_it_is_asked_and_does_not_spoil_the_other()
    {
        using (Image(TwoControlSets))
        {
        }
        File.WriteAllText(HiveFile("SOFTWARE"), "no hive");

        using var windows = OfflineWindows.Open(_scratch.Path);

        for (var i = 0; i < 2; i++)
        {
            var error = Assert.Throws<AibException>(() => windows.Registry.Value(@"HKLM\SOFTWARE\Microsoft", "x"));
            Assert.Equal(ErrorId.CorruptHive, error.Id);
            Assert.Equal(HiveFile("SOFTWARE"), error.Target);
        }
        Assert.Equal("second", windows.Registry.Value(@"HKLM\SYSTEM\CurrentControlSet", "which"));
    }

    [Theory]
    [InlineData("windows/system32/CONFIG", "software", "System")]
    [InlineData("WINDOWS/System32/config", "SOFTWARE", "SYSTEM")]
    public void The_image_is_found_in_any_case(string folder, string software, string system)
    {
        Directory.CreateDirectory(_scratch[folder]);
        File.WriteAllBytes(_scratch[folder, software], new HiveImage().ToBytes());
        File.WriteAllBytes(_scratch[folder, system], new HiveImage().ToBytes());

        using var windows = OfflineWindows.Open(_scratch.Path);

        Assert.True(windows.Registry.Exists(@"HKLM\SOFTWARE"));
        Assert.True(windows.Registry.Exists(@"HKLM\SYSTEM"));
        Assert.True(windows.Files.Exists(@"C:\Windows\System32\config\SYSTEM"));
        Assert.Equal(_scratch.Path, windows.Root);
    }

    [Fact]
    public void A_folder_without_Windows_is_refused_and_told_what_is_missing()
    {
        var error = Assert.Throws<AibException>(() => OfflineWindows.Open(_scratch.Path));
        Assert.Equal(ErrorId.NotAWindowsImage, error.Id);
        Assert.Equal(_scratch.Path, error.Target);
        Assert.Contains("Windows/System32/config", error.Advice, StringComparison.Ordinal);

        Directory.CreateDirectory(_scratch["Windows", "System32", "config"]);
        File.WriteAllBytes(HiveFile("SOFTWARE"), new HiveImage().ToBytes());
        error = Assert.Throws<AibException>(() => OfflineWindows.Open(_scratch.Path));
        Assert.Equal(ErrorId.NotAWindowsImage, error.Id);
        Assert.Contains("config/SYSTEM", error.Message, StringComparison.Ordinal);

        Assert.Equal(ErrorId.FolderNotFound, Assert.Throws<AibException>(() => OfflineWindows.Open(_scratch["none"])).Id);
    }

    private string HiveFile(string name) => _scratch["Windows", "System32", "config", name];

    private OfflineWindows Image(string system)
    {
        Hivex.SkipWhereMissing();
        Directory.CreateDirectory(_scratch["Windows", "System32", "config"]);
        foreach (var (name, reg) in ((string, string)[])[("SOFTWARE", Software), ("SYSTEM", system)])
        {
            File.WriteAllBytes(HiveFile(name), new HiveImage().ToBytes());
            Hivex.Merge(HiveFile(name), reg);
        }
        return OfflineWindows.Open(_scratch.Path);
    }
}
