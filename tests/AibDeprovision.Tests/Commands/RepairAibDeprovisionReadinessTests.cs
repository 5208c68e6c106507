using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Repairing;
using AibDeprovision.Rules;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Rules;

namespace AibDeprovision.Tests.Commands;

/// <summary>Repair-AibDeprovisionReadiness in the real engine: each repair with the check after it, a second time, and with -WhatIf.</summary>
public sealed class RepairAibDeprovisionReadinessTests : IDisposable
{
    private const string Class = ",AibDeprovision.Commands.RepairAibDeprovisionReadinessCommand";
    private const string Package = "Contoso.App_1.0.0.0_x64__abc";

    private readonly SimulatedSession _session = new();
    private readonly ReadyLinux _linux = new();
    private readonly EngineSession _onLinux = new();
    private readonly List<string> _removed = [];

    public RepairAibDeprovisionReadinessTests()
    {
        _onLinux.Machine.ToCheck = () => _linux;
        _session.Machine.PowerShell = Answer;
    }

    public static TheoryData<string> OnWindows => [.. WindowsRepairs.Rules.Select(rule => rule.Id)];

    public static TheoryData<string> OnLinux => [.. LinuxRepairs.Rules.Select(rule => rule.Id)];

    private List<string> Installed { get; } = [];

    public void Dispose()
    {
        _session.Dispose();
        _onLinux.Dispose();
        _linux.Dispose();
    }

    [Theory]
    [MemberData(nameof(OnWindows))]
    public void A_repair_on_Windows_leaves_nothing_to_find_and_a_second_one_changes_nothing(string id)
    {
        Arrange(id);
        Assert.Contains(id, _session.Run("Test-AibDeprovisionReadiness").Objects<Finding>().Select(f => f.RuleId));

        var result = Assert.Single(_session.Run($"Repair-AibDeprovisionReadiness {id} -Confirm:$false").Objects<RepairResult>());

        Assert.Equal((id, RepairOutcome.Mended), (result.RuleId, result.Outcome));
        Assert.NotNull(result.Target);
        Assert.Empty(_session.Run("Test-AibDeprovisionReadiness").Objects<Finding>());
        var version = _session.Vm.Version;
        Assert.Equal(RepairOutcome.NotNeeded, Assert.Single(_session.Run($"Repair-AibDeprovisionReadiness {id} -Confirm:$false").Objects<RepairResult>()).Outcome);
        Assert.Equal((version, _removed.Count <= 1), (_session.Vm.Version, true));
    }

    [Theory]
    [MemberData(nameof(OnWindows))]
    public void WhatIf_changes_nothing_on_Windows(string id)
    {
        Arrange(id);
        var version = _session.Vm.Version;
        Assert.Equal(RepairOutcome.Left, Assert.Single(_session.Run($"Repair-AibDeprovisionReadiness {id} -WhatIf").Objects<RepairResult>()).Outcome);
        Assert.Equal(RepairOutcome.Left, Assert.Single(_session.Run($"Repair-AibDeprovisionReadiness {id} -WhatIf -Confirm:$false").Objects<RepairResult>()).Outcome);
        Assert.Equal(version, _session.Vm.Version);
        Assert.Empty(_removed);
        Assert.Contains("What if: ", _session.Host.Text, StringComparison.Ordinal);
        Assert.Contains(id, _session.Run("Test-AibDeprovisionReadiness").Objects<Finding>().Select(f => f.RuleId));
    }

    [Theory]
    [MemberData(nameof(OnLinux))]
    public void A_repair_on_Linux_leaves_nothing_to_find_and_a_second_one_changes_nothing(string id)
    {
        LinuxReadinessTests.Arrangements[id](_linux);
        var isInPackage = id == "UdfBlacklisted";
        if (isInPackage)
        {
            _linux.Root.Delete("/usr/lib/modprobe.d/cis.conf");
            _linux.Root.Write("/etc/modprobe.d/cis.conf", "options a b=1\nblacklist udf\n");
        }
        Assert.Equal(RepairOutcome.Left, Assert.Single(_onLinux.Run($"Repair-AibDeprovisionReadiness {id} -WhatIf").Objects<RepairResult>()).Outcome);
        Assert.Contains(id, _onLinux.Run("Test-AibDeprovisionReadiness").Objects<Finding>().Select(f => f.RuleId));

        Assert.Equal((id, RepairOutcome.Mended), Assert.Single(_onLinux.Run($"Repair-AibDeprovisionReadiness {id}").Objects<RepairResult>().Select(r => (r.RuleId, r.Outcome))));

        Assert.DoesNotContain(_onLinux.Run("Test-AibDeprovisionReadiness").Objects<Finding>(), f => f.Severity == Severity.Error || f.RuleId == id);
        Assert.Equal(RepairOutcome.NotNeeded, Assert.Single(_onLinux.Run($"Repair-AibDeprovisionReadiness {id}").Objects<RepairResult>()).Outcome);
    }

    [Fact]
    public void What_stands_beside_a_mended_line_stays_as_it_is()
    {
        var file = _linux.Root["/etc/modprobe.d/cis.conf"];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // A comment in Latin-1, and no line end at the end.
        File.WriteAllBytes(file, [.. "# M"u8, 0xFC, .. "ller\r\ninstall cramfs /bin/true\ninstall udf /bin/true\noptions x y=1"u8]);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Single(_onLinux.Run("Repair-AibDeprovisionReadiness UdfDisabled").Objects<RepairResult>());
        Assert.Equal([.. "# M"u8, 0xFC, .. "ller\r\ninstall cramfs /bin/true\noptions x y=1"u8], File.ReadAllBytes(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_file_that_a_package_has_brought_is_left_with_the_remedy()
    {
        _linux.Root.Write("/usr/lib/modprobe.d/cis.conf", "install udf /bin/true\n");
        var result = Assert.Single(_onLinux.Run("Repair-AibDeprovisionReadiness UdfDisabled").Objects<RepairResult>());
        Assert.Equal(RepairOutcome.Left, result.Outcome);
        Assert.Contains("Leave udf out of the hardening", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_not_followed_to_be_changed()
    {
        _linux.Root.Write("/opt/real.conf", "install udf /bin/true\n");
        _linux.Root.Link("/etc/modprobe.d/cis.conf", "/opt/real.conf");
        var result = Assert.Single(_onLinux.Run("Repair-AibDeprovisionReadiness UdfDisabled").Objects<RepairResult>());
        Assert.Equal(RepairOutcome.Failed, result.Outcome);
        Assert.Equal("install udf /bin/true\n", File.ReadAllText(_linux.Root["/opt/real.conf"]));
    }

    [Fact]
    public void Findings_of_the_pipeline_are_mended_and_what_is_not_safe_is_left_with_its_remedy()
    {
        Arrange("CdromDisabled");
        Arrange("RestartPending");
        var results = _session.Run("Test-AibDeprovisionReadiness | Repair-AibDeprovisionReadiness").Objects<RepairResult>();
        Assert.Equal([("RestartPending", RepairOutcome.Left), ("CdromDisabled", RepairOutcome.Mended)], results.Select(r => (r.RuleId, r.Outcome)));
        Assert.Contains("Make WindowsRestart the last customizer.", results[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_rule_with_several_findings_only_the_given_ones_are_mended()
    {
        Installed.AddRange([Package, "Other.App_2.0.0.0_x64__def"]);
        var result = Assert.Single(_session.Run("Test-AibDeprovisionReadiness | Where-Object Evidence -like 'Other*' | Repair-AibDeprovisionReadiness -Confirm:$false").Objects<RepairResult>());
        Assert.Equal((RepairOutcome.Mended, "Other.App_2.0.0.0_x64__def"), (result.Outcome, result.Target));
        Assert.Equal([Package], Installed);
    }

    [Fact]
    public void A_finding_that_was_made_up_changes_nothing()
    {
        _session.Vm.Files.Write(@"C:\Users\packer\thesis.docx", "mine");
        var result = _session.Run("$f = [AibDeprovision.Rules.Finding]::new(); $f.GetType().GetProperty('RuleId').SetValue($f, 'AnswerFile'); $f.GetType().GetProperty('File').SetValue($f, 'C:\\Users\\packer\\thesis.docx'); $f | Repair-AibDeprovisionReadiness -Confirm:$false");
        Assert.Equal(RepairOutcome.NotNeeded, Assert.Single(result.Objects<RepairResult>()).Outcome);
        Assert.True(_session.Vm.Files.Exists(@"C:\Users\packer\thesis.docx"));
    }

    [Theory]
    [InlineData("AnswerFile")]
    [InlineData("AppxNotProvisioned")]
    [InlineData("ProviderMissing")]
    public void Where_nobody_can_be_asked_nothing_is_lost(string id)
    {
        Arrange(id);
        var result = Assert.Single(_session.Run("Repair-AibDeprovisionReadiness " + id).Objects<RepairResult>());
        Assert.Equal(RepairOutcome.Left, result.Outcome);
        Assert.Contains("-Confirm:$false", result.Detail, StringComparison.Ordinal);
        Assert.Equal(RepairOutcome.Mended, Assert.Single(_session.Run("$ConfirmPreference = 'None'; Repair-AibDeprovisionReadiness " + id).Objects<RepairResult>()).Outcome);
    }

    [Fact]
    public void A_wildcard_mends_what_is_found_and_is_silent_about_the_rest()
    {
        Arrange("CdromDisabled");
        Arrange("WinRmDisabled");
        Assert.Equal(["CdromDisabled", "WinRmDisabled"], _session.Run("Repair-AibDeprovisionReadiness *").Objects<RepairResult>().Select(r => r.RuleId));
        Assert.Empty(_session.Run("Repair-AibDeprovisionReadiness *").Objects<RepairResult>());
    }

    [Fact]
    public void A_repair_that_fails_is_a_result_and_the_others_get_their_turn()
    {
        Arrange("AppxNotProvisioned");
        Arrange("CdromDisabled");
        _session.Machine.PowerShell = script => script.Contains("Remove-AppxPackage", StringComparison.Ordinal) ? new PowerShellRun(["failed: access is denied"]) : Answer(script);
        var results = _session.Run("Repair-AibDeprovisionReadiness AppxNotProvisioned, CdromDisabled -Confirm:$false").Objects<RepairResult>();
        Assert.Equal([("AppxNotProvisioned", RepairOutcome.Failed), ("CdromDisabled", RepairOutcome.Mended)], results.Select(r => (r.RuleId, r.Outcome)));
        Assert.Contains("access is denied", results[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_without_an_answer_is_a_result_too()
    {
        _session.Machine.PowerShell = _ => throw new AibException(ErrorId.SystemCallFailed, "no PowerShell", "", null);
        Assert.Contains(_session.Run("Repair-AibDeprovisionReadiness AppxNotProvisioned").Objects<RepairResult>(), r => r is { RuleId: "WindowsCheckFailed", Outcome: RepairOutcome.Failed });
    }

    [Fact]
    public void A_rule_of_the_other_system_is_an_error() =>
        Assert.Equal("UnknownRule" + Class, _session.Run("Repair-AibDeprovisionReadiness UdfDisabled").Error.FullyQualifiedErrorId);

    [Fact]
    public void On_neither_system_it_is_an_error()
    {
        using var engine = new EngineSession();
        Assert.Equal(("PlatformNotSupported" + Class, ErrorCategory.NotEnabled), (engine.Run("Repair-AibDeprovisionReadiness *").Error.FullyQualifiedErrorId, engine.Run("Repair-AibDeprovisionReadiness *").Error.CategoryInfo.Category));
    }

    private void Arrange(string id)
    {
        if (id == "AppxNotProvisioned")
        {
            Installed.Add(Package);
            return;
        }
        WindowsReadinessTests.Arrangements[id](_session.Machine);
    }

    // A machine on which apps are installed, and can be removed.
    private PowerShellRun Answer(string script)
    {
        foreach (var package in Installed.Where(package => script.Contains($"Remove-AppxPackage -AllUsers -Package '{package}'", StringComparison.Ordinal)).ToList())
        {
            Installed.Remove(package);
            _removed.Add(package);
            return new PowerShellRun(["done"]);
        }
        return new PowerShellRun([.. Installed.Select(package => "Appx|" + package), "Appx|done", "BitLocker|done", "Rearm|done", "Administrator|done"]);
    }
}
