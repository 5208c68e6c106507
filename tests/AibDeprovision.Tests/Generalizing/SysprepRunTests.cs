using AibDeprovision.Errors;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>A run of Sysprep from its command line to its proof, on a simulated VM in virtual time.</summary>
public sealed class SysprepRunTests
{
    private const string Folder = @"C:\Windows\System32\Sysprep";
    private readonly SimulatedVm _vm = new();

    [Fact]
    public void It_is_proven_by_state_and_tag_and_by_its_end()
    {
        Run();
        Assert.True(_vm.IsSealed);
        Assert.DoesNotContain(_vm.Processes.Running, p => p.Name == "Sysprep");
        Assert.True(SysprepStateReader.Read(new SimulatedMachine(_vm)).IsSealed);
    }

    [Fact]
    public void The_state_alone_proves_nothing()
    {
        // Somebody writes the state, and Sysprep dies.
        _vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        _vm.Clock.After(TimeSpan.FromSeconds(90), () => _vm.ImageState = ImageStates.GeneralizedToOobe);
        var error = Assert.Throws<AibException>(Run);
        Assert.Equal(ErrorId.SysprepNotSealed, error.Id);
        Assert.Contains("without its success tag", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SysprepEnding.RefusesAtValidation), ErrorId.SysprepNotSealed, ImageStates.Complete)]
    [InlineData(nameof(SysprepEnding.DiesHalfWay), ErrorId.SysprepNotSealed, ImageStates.Undeployable)]
    [InlineData(nameof(SysprepEnding.SealsToAudit), ErrorId.SysprepNotSealed, ImageStates.GeneralizedToAudit)]
    [InlineData(nameof(SysprepEnding.Hangs), ErrorId.SysprepTimedOut, ImageStates.Undeployable)]
    public void Each_bad_end_has_its_error(string ending, ErrorId expected, string state)
    {
        _vm.Sysprep.Ending = Enum.Parse<SysprepEnding>(ending);
        var error = Assert.Throws<AibException>(Run);
        Assert.Equal(expected, error.Id);
        Assert.Contains(state, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_could_not_be_started_says_so()
    {
        _vm.Sysprep.StartFailure = "blocked by group policy";
        var error = Assert.Throws<AibException>(Run);
        Assert.Equal(ErrorId.SysprepNotStarted, error.Id);
        Assert.Contains("blocked by group policy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_findings_are_those_of_the_last_run_without_the_noise()
    {
        _vm.Files.Write(Folder + @"\Panther\setuperr.log", "2025-11-02 08:14:09, Error      [0x0f0082] SYSPRP An earlier run\r\n");
        _vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        _vm.Sysprep.Errors = [new("0x0", "MRTGeneralize:98 - ERROR: Failed ConnectServer"), new("0x0f0082", "the cause"), new(null, "a consequence")];
        Assert.Throws<AibException>(Run);
        var findings = SysprepFindings.OfLastRun(new SimulatedMachine(_vm), new SysprepFiles(SimulatedVm.Windows));
        Assert.Equal(["[0x0f0082] SYSPRP the cause", "SYSPRP a consequence", "SYSPRP ValidateSysprepState:Hit failure while validating; the machine is left as it was"], findings.Select(f => f.Message));
        Assert.Equal(Folder + @"\Panther\setuperr.log", findings[0].File);
        Assert.Equal(4, findings[0].Line);
        Assert.All(findings, f => Assert.Equal(Severity.Error, f.Severity));
    }

    [Fact]
    public void What_an_earlier_run_left_is_cleared_and_its_logs_are_kept()
    {
        var notes = new List<string>();
        foreach (var file in new[] { @"\unattend.xml", @"\Sysprep_succeeded.tag", @"\Panther\setupact.log", @"\Panther\setuperr.log" })
        {
            _vm.Files.Write(Folder + file, "old");
        }
        _vm.Files.Write(@"C:\Windows\Panther\unattend.xml", "old");
        EarlierRun.Clear(new SimulatedMachine(_vm), notes.Add);
        Assert.Equal(["removed C:\\Windows\\System32\\Sysprep\\unattend.xml", "removed C:\\Windows\\Panther\\unattend.xml", "removed C:\\Windows\\System32\\Sysprep\\Sysprep_succeeded.tag"], notes);
        Assert.Equal(("old", null), (_vm.Files.Read(Folder + @"\Panther\setupact.before.log"), _vm.Files.Read(Folder + @"\Panther\setupact.log")));
        Assert.Equal(("old", null), (_vm.Files.Read(Folder + @"\Panther\setuperr.before.log"), _vm.Files.Read(Folder + @"\Panther\setuperr.log")));
    }

    [Theory]
    [InlineData("/oobe /generalize /quit")]
    [InlineData("/OOBE -generalize /quiet /quit /mode:vm")]
    public void A_command_line_that_generalizes_and_lets_the_session_live_is_taken(string line) => SysprepArguments.Check(line.Split(' '), force: false);

    [Theory]
    [InlineData("/oobe /generalize /shutdown", "/shutdown")]
    [InlineData("/oobe /generalize /reboot", "/reboot")]
    [InlineData("/audit /generalize /quit", "/audit")]
    [InlineData("/oobe /quit", "/generalize")]
    [InlineData("/generalize /quit", "/oobe")]
    [InlineData("/oobe /generalize", "/quit")]
    [InlineData("/oobe /generalize /quit /unattend:c:\\a.xml", "/unattend")]
    public void A_command_line_that_does_harm_needs_force(string line, string named)
    {
        var error = Assert.Throws<AibException>(() => SysprepArguments.Check(line.Split(' '), force: false));
        Assert.Equal(ErrorId.SysprepArgumentRefused, error.Id);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        SysprepArguments.Check(line.Split(' '), force: true);
    }

    [Theory]
    [InlineData("/oobe /generalize /quit /restart")]
    [InlineData("/oobe /audit /quit")]
    [InlineData("/oobe /generalize /quit & calc.exe")]
    [InlineData("/oobe /generalize /quit /shutdown")]
    public void A_command_line_that_makes_no_sense_is_refused_whatever_is_forced(string line) =>
        Assert.Equal(ErrorId.SysprepArgumentRefused, Assert.Throws<AibException>(() => SysprepArguments.Check(line.Split(' '), force: true)).Id);

    [Fact]
    public void Providers_are_read_and_removed_by_file_name()
    {
        var machine = new SimulatedMachine(_vm);
        _vm.Registry.Set(SysprepFiles.ProvidersKey + @"\Cleanup", "x", "gone.dll,Run");
        _vm.Registry.Set(SysprepFiles.ProvidersKey + @"\Specialize", "y", @"C:\Tools\later.dll,Run");
        _vm.Registry.Set(SysprepFiles.ProvidersKey + @"\Specialize", "z", @"%ProgramFiles%\unknown.dll,Run");
        Assert.Equal([("VMAgentDisabler.dll", false, false), ("gone.dll", true, true), ("later.dll", true, false), ("unknown.dll", false, false)],
            SysprepProviders.Of(machine).Select(p => (p.Leaf, p.IsMissing, p.Breaks)));
        Assert.Equal(["gone.dll"], SysprepProviders.Remove(machine, ["GONE.dll", "other.dll"]).Select(p => p.Leaf));
        Assert.Equal(3, SysprepProviders.Of(machine).Count);
    }

    private void Run() => new SysprepRun(new SimulatedMachine(_vm)).Execute(SysprepArguments.Default, TimeSpan.FromMinutes(45), TestContext.Current.CancellationToken);
}
