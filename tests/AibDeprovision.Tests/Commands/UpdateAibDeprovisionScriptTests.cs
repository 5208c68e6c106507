using System.Text;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Update-AibDeprovisionScript in the real engine.</summary>
public sealed class UpdateAibDeprovisionScriptTests : IDisposable
{
    private const string Call = "& $env:windir\\System32\\Sysprep\\sysprep.exe /oobe /generalize /quiet /quit\r\n";

    private readonly EngineSession _engine = new();
    private readonly ScratchFolder _scratch = new();

    public void Dispose()
    {
        _engine.Dispose();
        _scratch.Dispose();
    }

    public static TheoryData<string, byte[]> Files => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes("# \u00e4\n" + Call) },
        { "UTF-8 with a mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("# \u00e4\r\n" + Call)] },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("# \u00e4\r\n" + Call)] },
        { "UTF-16, big end first", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("# \u00e4\r\n" + Call)] },
        { "a code page", [.. "# "u8, 0xE4, 0x80, .. Encoding.ASCII.GetBytes("\n" + Call)] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_keeps_its_encoding_and_every_other_byte(string what, byte[] before)
    {
        File.WriteAllBytes(_scratch["seal.ps1"], before);
        var update = _engine.Run("Update-AibDeprovisionScript $args[0] -ModeVm", _scratch["seal.ps1"]).Objects<ScriptUpdate>().Single();
        Assert.Equal((true, _scratch["seal.ps1"]), (update.IsChanged, update.Written));
        var added = what.StartsWith("UTF-16,", StringComparison.Ordinal) ? Encoding.BigEndianUnicode.GetBytes(" /mode:vm") : what.StartsWith("UTF-16", StringComparison.Ordinal) ? Encoding.Unicode.GetBytes(" /mode:vm") : " /mode:vm"u8.ToArray();
        var at = before.Length - (added.Length > 10 ? 4 : 2);
        Assert.Equal([.. before[..at], .. added, .. before[at..]], File.ReadAllBytes(_scratch["seal.ps1"]));
    }

    [Fact]
    public void A_second_run_writes_nothing_and_is_no_error()
    {
        File.WriteAllText(_scratch["seal.ps1"], Call);
        _engine.Run("Update-AibDeprovisionScript $args[0] -ModeVm", _scratch["seal.ps1"]);
        var again = _engine.Run("Update-AibDeprovisionScript $args[0] -ModeVm", _scratch["seal.ps1"]);
        Assert.Empty(again.Errors);
        Assert.Equal((false, null, 0), again.Objects<ScriptUpdate>().Select(u => (u.IsChanged, u.Written, u.Done.Count)).Single());
    }

    [Fact]
    public void WhatIf_changes_nothing_and_gives_the_difference()
    {
        File.WriteAllText(_scratch["seal.ps1"], Call);
        var update = _engine.Run("Update-AibDeprovisionScript $args[0] -ModeVm -WhatIf", _scratch["seal.ps1"]).Objects<ScriptUpdate>().Single();
        Assert.Equal(Call, File.ReadAllText(_scratch["seal.ps1"]));
        Assert.Null(update.Written);
        Assert.Contains("\n-& $env:windir", update.Diff, StringComparison.Ordinal);
        Assert.Contains("/quit /mode:vm\n", update.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_file_is_written_where_one_is_named()
    {
        File.WriteAllText(_scratch["seal.ps1"], Call);
        _engine.Run("Update-AibDeprovisionScript -LiteralPath $args[0] -ModeVm -OutFile $args[1]", _scratch["seal.ps1"], _scratch["new.ps1"]);
        Assert.Equal((Call, Call.Replace("/quit", "/quit /mode:vm", StringComparison.Ordinal)), (File.ReadAllText(_scratch["seal.ps1"]), File.ReadAllText(_scratch["new.ps1"])));
    }

    [Fact]
    public void Text_gives_text_and_a_hardened_script_one_of_a_changed_plan()
    {
        Assert.Equal(Call.Replace("/quit", "/quit /mode:vm", StringComparison.Ordinal), _engine.Run("$args[0] | Update-AibDeprovisionScript -ModeVm", Call).Objects<string>().Single());
        var script = _engine.Run("New-AibDeprovisionScript Windows | Update-AibDeprovisionScript -ModeVm -GuardService RdAgent -AddTimeout 5m -Fix *").Objects<DeprovisionScript>().Single();
        Assert.True(script.Plan.ModeVm);
        Assert.Equal(["WindowsAzureGuestAgent"], script.Plan.RequiredServices);
        Assert.Equal(["WindowsAzureTelemetryService", "RdAgent"], script.Plan.OptionalServices);
        Assert.Contains("/mode:vm", _engine.Run("New-AibDeprovisionScript Windows -Profile Generic | Update-AibDeprovisionScript -ModeVm").Objects<string>().Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'Get-Date\n' | Update-AibDeprovisionScript -ModeVm", "EditMatchedNothing,")]
    [InlineData("'sysprep $x\n' | Update-AibDeprovisionScript -ModeVm", "EditNotPossible,")]
    [InlineData("'waagent -deprovision\n' | Update-AibDeprovisionScript -ModeVm", "OptionNotForPlatform,")]
    [InlineData("'waagent -deprovision\n' | Update-AibDeprovisionScript -Fix EndlessSealWait", "OptionNotForPlatform,")]
    [InlineData("'Get-Date\n' | Update-AibDeprovisionScript -Fix NoAgentWait", "UnknownRule,")]
    [InlineData("'Get-Date\n' | Update-AibDeprovisionScript", "InvalidOptionValue,")]
    [InlineData("'Get-Date\n' | Update-AibDeprovisionScript -AddTimeout 0", "InvalidOptionValue,")]
    [InlineData("'Get-Date\n' | Update-AibDeprovisionScript -GuardService 'a*'", "InvalidOptionValue,")]
    [InlineData("'Get-Date\n' | Update-AibDeprovisionScript -RemoveProvider nodll", "InvalidOptionValue,")]
    public void What_cannot_be_done_is_an_error_with_its_id(string script, string id) =>
        Assert.StartsWith(id, _engine.Run(script.Replace("\\n", "\n", StringComparison.Ordinal)).Error.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void A_pattern_takes_the_rules_of_the_scripts_own_system()
    {
        Assert.Equal("waagent -force -deprovision+user\n", _engine.Run("$args[0] | Update-AibDeprovisionScript -Fix *", "waagent \u2013deprovision\n").Objects<string>().Single());
        Assert.Equal("sudo waagent -force -deprovision+user\n", _engine.Run("$args[0] | Update-AibDeprovisionScript -Fix *", "sudo waagent -force \"-deprovision\"\n").Objects<string>().Single());
        Assert.Equal("#!/bin/sh\nwaagent -force -deprovision+user\nsync\n", _engine.Run("$args[0] | Update-AibDeprovisionScript -Fix Shell*, Waagent*", "\uFEFF#!/bin/sh\r\nwaagent -deprovision\r\nsync\r\n").Objects<string>().Single());
    }

    [Fact]
    public void Tab_offers_the_rules_that_have_a_fix()
    {
        var offered = _engine.Complete("Update-AibDeprovisionScript x.ps1 -ModeVm -Fix Sysprep").Select(c => c.ListItemText).ToList();
        Assert.Contains("SysprepShutsDown", offered);
        Assert.DoesNotContain("SysprepRunTwice", offered);
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights there.");
        File.WriteAllText(_scratch["seal.ps1"], Call);
        File.CreateSymbolicLink(_scratch["link.ps1"], _scratch["seal.ps1"]);
        Assert.StartsWith("LinkInPath,", _engine.Run("Update-AibDeprovisionScript $args[0] -ModeVm", _scratch["link.ps1"]).Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(Call, File.ReadAllText(_scratch["seal.ps1"]));
    }
}
