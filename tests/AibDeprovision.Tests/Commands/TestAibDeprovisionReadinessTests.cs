using System.Collections;
using System.Management.Automation;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rules;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Offline;
using AibDeprovision.Tests.Rules;

namespace AibDeprovision.Tests.Commands;

/// <summary>Test-AibDeprovisionReadiness in the real engine, on simulated machines and mounted images.</summary>
public sealed class TestAibDeprovisionReadinessTests : IDisposable
{
    private const string Class = ",AibDeprovision.Commands.TestAibDeprovisionReadinessCommand";

    private readonly SimulatedSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_machine_that_is_ready_gives_nothing_and_changes_nothing()
    {
        var version = _session.Vm.Version;
        Assert.Empty(_session.Run("Test-AibDeprovisionReadiness").Objects<object>());
        Assert.Equal([true], _session.Run("Test-AibDeprovisionReadiness -Quiet").Objects<bool>());
        Assert.Equal((version, TimeSpan.Zero), (_session.Vm.Version, _session.Vm.Clock.Elapsed));
    }

    [Fact]
    public void Findings_come_in_the_order_of_the_rules_and_quiet_minds_no_information()
    {
        Arrange("PendingFileRenames");
        Assert.Equal(["PendingFileRenames"], Ids("Test-AibDeprovisionReadiness"));
        Assert.Equal([true], _session.Run("Test-AibDeprovisionReadiness -Quiet").Objects<bool>());
        Arrange("CdromDisabled", "RestartPending");
        Assert.Equal(["RestartPending", "CdromDisabled", "PendingFileRenames"], Ids("Test-AibDeprovisionReadiness"));
        Assert.Equal([false], _session.Run("Test-AibDeprovisionReadiness -Quiet").Objects<bool>());
    }

    [Theory]
    [InlineData("-Include CdromDisabled", "CdromDisabled")]
    [InlineData("-Include Restart*, cdromdisabled", "RestartPending CdromDisabled")]
    [InlineData("-Exclude Restart*", "CdromDisabled AgentServiceDisabled")]
    [InlineData("-Include *Disabled -Exclude Cdrom*", "AgentServiceDisabled")]
    [InlineData("-Include Nothing*", "")]
    public void Rules_are_chosen_by_name_and_wildcard(string options, string expected)
    {
        Arrange("RestartPending", "CdromDisabled", "AgentServiceDisabled");
        Assert.Equal(expected, string.Join(' ', Ids("Test-AibDeprovisionReadiness " + options)));
    }

    [Theory]
    [InlineData("Include")]
    [InlineData("Exclude")]
    public void A_name_of_no_rule_is_an_error(string option)
    {
        var error = _session.Run($"Test-AibDeprovisionReadiness -{option} CdromDisabeld").Error;
        Assert.Equal(("UnknownRule" + Class, ErrorCategory.ObjectNotFound, "CdromDisabeld"), (error.FullyQualifiedErrorId, error.CategoryInfo.Category, error.TargetObject));
    }

    [Theory]
    [InlineData("Error", "RestartPending", false)]
    [InlineData("Warning", "RestartPending", true)]
    [InlineData("Error", "CdromDisabled", true)]
    [InlineData("Warning", "PendingFileRenames", false)]
    public void FailOn_ends_with_an_error_after_all_findings(string severity, string rule, bool fails)
    {
        Arrange(rule, "PendingFileRenames");
        var output = _session.Run($"$global:LASTEXITCODE = 5; try {{ Test-AibDeprovisionReadiness -FailOn {severity}; 'went on' }} catch {{ $_ }}").Objects<object>();
        Assert.Contains(output, o => o is Finding finding && finding.RuleId == rule);
        Assert.Contains(output, o => o is Finding { RuleId: "PendingFileRenames" });
        Assert.Equal(!fails, output[^1] is "went on");
        Assert.Equal([fails ? 12 : 0], _session.Run("$global:LASTEXITCODE").Objects<int>());
        if (fails)
        {
            var error = Assert.IsType<ErrorRecord>(output[^1]);
            Assert.Equal(("NotReady" + Class, ErrorCategory.InvalidOperation), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
            Assert.Contains(rule, ((IEnumerable)error.TargetObject).Cast<Finding>().Select(f => f.RuleId));
        }
    }

    [Fact]
    public void With_FailOn_each_finding_is_a_line_of_the_log()
    {
        Arrange("CdromDisabled", "PendingFileRenames");
        var lines = _session.Run("try { Test-AibDeprovisionReadiness -FailOn Error | ForEach-Object { } } catch { }").Information.Select(i => i.ToString()).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Matches(@"^>>> AibDeprovision \[ +0\.0s\] readiness: Error CdromDisabled: The CD-ROM driver is disabled: .+ Enable it: .+$", lines[0]);
        Assert.Matches(@"^>>> AibDeprovision \[ +0\.0s\] readiness: Information PendingFileRenames: .+$", lines[1]);
        Assert.Empty(_session.Run("Test-AibDeprovisionReadiness").Information);
    }

    [Fact]
    public void The_time_limit_reaches_the_questions()
    {
        _session.Machine.PowerShell = _ => new PowerShellRun([], TimedOut: true);
        Assert.Equal(4, _session.Run("Test-AibDeprovisionReadiness -Timeout 90s").Objects<Finding>().Count(f => f.Message.EndsWith("had not answered within 90 s and was ended.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Tab_offers_the_rules_with_their_titles()
    {
        var offered = _session.Engine.Complete("Test-AibDeprovisionReadiness -Exclude Appx");
        Assert.Equal(("AppxNotProvisioned", "An app is installed for a user and not provisioned"), (Assert.Single(offered).CompletionText, offered[0].ToolTip));
        Assert.Contains(_session.Engine.Complete("Repair-AibDeprovisionReadiness Udf"), o => o.CompletionText == "UdfDisabled");
        Assert.DoesNotContain(_session.Engine.Complete("Repair-AibDeprovisionReadiness Bit"), o => o.CompletionText == "BitLockerOn");
    }

    [Fact]
    public void A_Linux_machine_is_looked_at_by_its_rules()
    {
        using var machine = new ReadyLinux();
        using var engine = new EngineSession();
        engine.Machine.ToCheck = () => machine;
        Assert.Empty(engine.Run("Test-AibDeprovisionReadiness").Objects<Finding>());
        LinuxReadinessTests.Arrangements["UdfDisabled"](machine);
        Assert.Equal(("UdfDisabled", "/etc/modprobe.d/cis.conf"), Assert.Single(engine.Run("Test-AibDeprovisionReadiness").Objects<Finding>().Select(f => (f.RuleId, f.File!))));
    }

    [Fact]
    public void A_mounted_Linux_image_tells_what_its_files_tell()
    {
        using var machine = new ReadyLinux();
        LinuxReadinessTests.Arrangements["UdfDisabled"](machine);
        LinuxReadinessTests.Arrangements["ProvisioningAgentConflict"](machine);
        Assert.Equal(["ProvisioningAgentConflict", "UdfDisabled"], Ids("Test-AibDeprovisionReadiness -Root $args[0]", machine.Root.Folder));
        Assert.Equal([false], _session.Run("$args[0] | Test-AibDeprovisionReadiness -Quiet", machine.Root.Folder).Objects<bool>());
    }

    [Fact]
    public void A_mounted_Windows_image_tells_what_its_registry_and_files_tell()
    {
        Hivex.SkipWhereMissing();
        using var scratch = new ScratchFolder();
        HiveImage.WriteEmptyWindows(scratch["image"]);
        Hivex.Merge(Path.Combine(scratch["image"], "Windows", "System32", "config", "SYSTEM"), """
            [\Select]
            "Current"=dword:00000001

            [\ControlSet001]

            [\ControlSet001\Services]

            [\ControlSet001\Services\cdrom]
            "Start"=dword:00000004

            [\ControlSet001\Services\RdAgent]
            "Start"=dword:00000002

            [\ControlSet001\Services\WindowsAzureGuestAgent]
            "Start"=dword:00000002
            """);
        Directory.CreateDirectory(Path.Combine(scratch["image"], "Windows", "Panther"));
        File.WriteAllText(Path.Combine(scratch["image"], "Windows", "Panther", "unattend.xml"), "<unattend/>");
        Assert.Equal(["CdromDisabled", "AnswerFile", "WinRmListenerMissing"], Ids("Test-AibDeprovisionReadiness -Root $args[0]", scratch["image"]));
    }

    [Fact]
    public void A_folder_without_a_system_is_an_error_and_the_others_get_their_turn()
    {
        using var empty = new ScratchFolder();
        using var machine = new ReadyLinux();
        LinuxReadinessTests.Arrangements["UdfDisabled"](machine);
        var result = _session.Run("$args[0], $args[1] | Test-AibDeprovisionReadiness", empty.Path, machine.Root.Folder);
        Assert.Equal("NotASystemImage" + Class, Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Single(result.Output);
    }

    [Fact]
    public void On_another_system_a_root_is_needed()
    {
        using var engine = new EngineSession();
        Assert.Equal("PlatformNotSupported" + Class, engine.Run("Test-AibDeprovisionReadiness").Error.FullyQualifiedErrorId);
    }

    private void Arrange(params string[] rules)
    {
        foreach (var rule in rules)
        {
            WindowsReadinessTests.Arrangements[rule](_session.Machine);
        }
    }

    private IEnumerable<string> Ids(string script, params object?[] arguments) => _session.Run(script, arguments).Objects<Finding>().Select(f => f.RuleId);
}
