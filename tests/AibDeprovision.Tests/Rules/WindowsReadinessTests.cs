using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Tests.Rules;

/// <summary>Each rule about the readiness of a Windows machine: a machine on which it holds alone, and a healthy one on which none does.</summary>
public sealed class WindowsReadinessTests
{
    private const string Cbs = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing";
    private const string Setup = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup";
    private const string Listener = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*+HTTPS";
    private const string Task = @"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{1}";

    /// <summary>What makes each rule hold.</summary>
    internal static readonly Dictionary<string, Action<SimulatedMachine>> Arrangements = new()
    {
        ["NotElevated"] = m => m.Vm.User = SimulatedUser.NotElevated,
        ["SysprepRunning"] = m => m.Vm.Processes.Start("sysprep"),
        ["AlreadyGeneralized"] = m =>
        {
            m.Vm.ImageState = ImageStates.GeneralizedToOobe;
            m.Vm.Registry.Set(@"HKLM\SYSTEM\Setup", "SetupType", 2);
            m.Vm.Registry.Set(@"HKLM\SYSTEM\Setup", "CmdLine", @"oobe\windeploy.exe");
        },
        ["SealedStateOnly"] = m => m.Vm.ImageState = ImageStates.GeneralizedToOobe,
        ["SetupUnfinished"] = m => m.Vm.ImageState = ImageStates.Undeployable,
        ["GeneralizationBrokeOff"] = m => m.Vm.Registry.Set(SysprepFiles.StatusKey, "GeneralizationState", 3),
        ["RestartPending"] = m => m.Vm.Registry.Create(Cbs + @"\RebootPending"),
        ["RestartRequired"] = m => m.Vm.Registry.Create(@"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired"),
        ["RestartInProgress"] = m => m.Vm.Registry.Create(Cbs + @"\RebootInProgress"),
        ["ServicingSession"] = m => m.Vm.Registry.Set(Cbs + @"\SessionsPending", "Exclusive", 1),
        ["ServicingBusy"] = m => m.Vm.Processes.Start("TiWorker"),
        ["ReservedStorageInUse"] = m => m.Vm.Registry.Set(@"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\ReserveManager", "ActiveScenario", 3),
        ["DefenderOnboarded"] = m => m.Vm.Registry.Set(@"HKLM\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status", "OnboardingState", 1),
        ["CdromDisabled"] = m => m.Vm.Registry.Set(SimulatedServices.KeyOf("cdrom"), "Start", 4),
        ["RemovableStorageDenied"] = m => m.Vm.Registry.Set(@"HKLM\SOFTWARE\Policies\Microsoft\Windows\RemovableStorageDevices", "Deny_All", 1),
        ["AnswerFile"] = m => m.Vm.Files.Write(@"C:\Windows\Panther\unattend.xml", "<unattend/>"),
        ["PendingFileRenames"] = m => m.Vm.Registry.Set(@"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager", "PendingFileRenameOperations", (string[])[@"\??\C:\a", ""]),
        ["AgentServiceMissing"] = m => m.Vm.Registry.Delete(SimulatedServices.KeyOf("RdAgent")),
        ["AgentServiceDisabled"] = m =>
        {
            m.Vm.Services.Stop("RdAgent");
            m.Vm.Services.SetStartType("RdAgent", ServiceStartType.Disabled);
        },
        ["AgentServiceStaysOff"] = m => m.Vm.Services.SetStartType("WindowsAzureGuestAgent", ServiceStartType.Disabled),
        ["WinRmDisabled"] = m => m.Vm.Services.SetStartType("WinRM", ServiceStartType.Disabled),
        ["WinRmListenerMissing"] = m => m.Vm.Registry.Delete(Listener),
        ["WinRmPortChanged"] = m => m.Vm.Registry.Set(Listener, "Port", 443),
        ["DomainMember"] = m => m.Vm.Registry.Set(@"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters", "Domain", "corp.example"),
        ["DiskSpaceLow"] = m => m.FreeSpace = 700L * 1024 * 1024,
        ["ProviderMissing"] = m => m.Vm.Files.Delete(@"C:\Windows\System32\VMAgentDisabler.dll"),
        ["ProviderHidden"] = m => m.Hidden.Add(@"C:\Windows\System32\VMAgentDisabler.dll"),
        ["ShutdownTask"] = m =>
        {
            // A number of odd length before the text, as in the true data.
            m.Vm.Registry.Set(Task, "Actions", (byte[])[3, .. System.Text.Encoding.Unicode.GetBytes(@"C:\Windows\System32\shutdown.exe /r")]);
            m.Vm.Registry.Set(Task, "Path", @"\Nightly");
        },
        ["RunningAsSystem"] = m =>
        {
            m.Vm.User = SimulatedUser.System;
            m.Vm.Registry.Set(WindowsReadiness.VersionKey, "CurrentBuildNumber", "26100");
        },
        ["AppxNotProvisioned"] = m => Answers(m, "Appx|Contoso.App_1.0.0.0_x64__abc", "Appx|done"),
        ["BitLockerOn"] = m => Answers(m, "BitLocker|1|C:", "BitLocker|done"),
        ["RearmsUsedUp"] = m => Answers(m, "Rearm|0", "Rearm|done"),
        ["AdministratorMustChangePassword"] = m => Answers(m, "Administrator|root|password", "Administrator|done"),
        ["AdministratorLocked"] = m => Answers(m, "Administrator|root|locked", "Administrator|done"),
        ["WindowsCheckFailed"] = m => Answers(m, "Appx|failed|Class not registered", "BitLocker|done", "Rearm|done", "Administrator|done"),
    };

    private static readonly string[] s_allDone = ["Appx|done", "BitLocker|0|C:", "BitLocker|done", "Rearm|1000", "Rearm|done", "Administrator|done"];

    private readonly SimulatedMachine _machine = new(new SimulatedVm()) { PowerShell = _ => new PowerShellRun(s_allDone) };

    public static TheoryData<string> Rules => [.. WindowsReadinessChecks.Rules.Select(rule => rule.Id)];

    [Fact]
    public void A_healthy_machine_has_none() => Assert.Empty(Check());

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_found_where_it_holds_and_no_other(string id)
    {
        var rule = WindowsReadinessChecks.Rules.Single(r => r.Id == id);
        Arrangements[id](_machine);

        var finding = Assert.Single(Check());

        Assert.Equal((id, rule.Severity), (finding.RuleId, finding.Severity));
        Assert.DoesNotContain("{", finding.Message + finding.Remedy, StringComparison.Ordinal);
        if (id == "WindowsCheckFailed")
        {
            return;
        }
        // Alone it is found too, and left out it is not.
        Assert.Equal(finding, Assert.Single(Check(r => r.Id == id)));
        Assert.DoesNotContain(Check(r => r.Id != id), f => f.RuleId == id);
    }

    [Fact]
    public void All_that_is_wrong_is_found_at_once()
    {
        foreach (var id in (string[])["RestartPending", "CdromDisabled", "AgentServiceDisabled", "AgentServiceStaysOff", "ProviderMissing", "AnswerFile", "BitLockerOn"])
        {
            Arrangements[id](_machine);
        }
        Assert.Equal(["RestartPending", "CdromDisabled", "AnswerFile", "AgentServiceDisabled", "AgentServiceStaysOff", "ProviderMissing", "BitLockerOn"], Check().Select(f => f.RuleId));
    }

    [Fact]
    public void What_explains_another_rule_is_looked_at_for_its_sake_and_not_told()
    {
        Arrangements["SysprepRunning"](_machine);
        Arrangements["SetupUnfinished"](_machine);
        Assert.Empty(Check(r => r.Id == "SetupUnfinished"));
    }

    [Theory]
    [InlineData("CdromDisabled", 3)]
    [InlineData("CdromDisabled", 1)]
    [InlineData("WinRmDisabled", 3)]
    public void Only_a_driver_or_service_that_is_disabled_counts(string id, int start)
    {
        _machine.Vm.Registry.Set(SimulatedServices.KeyOf(id == "CdromDisabled" ? "cdrom" : "WinRM"), "Start", start);
        Assert.Empty(Check());
    }

    [Fact]
    public void A_key_that_cannot_be_read_costs_its_own_answer_and_no_other()
    {
        _machine.Vm.Registry.Deny(Setup + @"\SysPrepExternal\Generalize");
        Arrangements["CdromDisabled"](_machine);
        var findings = Check();
        Assert.Contains(findings, f => f.RuleId == "CdromDisabled");
        Assert.Contains(findings, f => f.RuleId == "WindowsCheckFailed" && f.Message.StartsWith("ProviderMissing could not be checked: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_process_that_does_not_answer_is_a_finding_for_each_question_and_the_answers_that_came_count()
    {
        _machine.PowerShell = _ => new PowerShellRun(["Appx|Contoso.App_1.0.0.0_x64__abc", "Appx|done", "BitLocker|1|C:"], TimedOut: true);
        Assert.Equal(
        [
            "The app Contoso.App_1.0.0.0_x64__abc is installed for a user, but not provisioned for all users; Sysprep may refuse with 0x80073cf2.",
            "BitLocker has the drive of Windows not fully decrypted (conversion status 1); Sysprep refuses that, protected or not (0x80310039).",
            "BitLocker's state of the drive of Windows could not be checked: Windows PowerShell had not answered within 60 s and was ended.",
            "The number of rearms that are left could not be checked: Windows PowerShell had not answered within 60 s and was ended.",
            "The built-in Administrator could not be checked: Windows PowerShell had not answered within 60 s and was ended.",
        ], Check().Select(f => f.Message));
    }

    [Fact]
    public void A_PowerShell_that_cannot_be_started_is_a_finding_for_each_question()
    {
        _machine.PowerShell = _ => throw new AibException(ErrorId.SystemCallFailed, "powershell.exe could not be started: no such file.", "", null);
        Assert.Equal(4, Check().Count(f => f.RuleId == "WindowsCheckFailed" && f.Message.Contains("no such file", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_is_asked_of_PowerShell_that_is_not_wanted()
    {
        List<string> asked = [];
        _machine.PowerShell = script =>
        {
            asked.Add(script);
            return new PowerShellRun(["Rearm|1", "Rearm|done"]);
        };
        Assert.Empty(Check(rule => rule.Id == "CdromDisabled"));
        Assert.Empty(asked);
        Assert.Empty(Check(rule => rule.Id == "RearmsUsedUp"));
        Assert.Contains("$Questions = @('Rearm')\n", Assert.Single(asked), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("noise\r")]
    [InlineData("Appx")]
    [InlineData("|")]
    [InlineData("Appx|\u001b[31m|x|y")]
    [InlineData("Other|done")]
    public void An_answer_of_another_form_breaks_nothing(string line)
    {
        _machine.PowerShell = _ => new PowerShellRun([line, .. s_allDone]);
        Assert.All(Check(), finding => Assert.DoesNotContain('\u001b', finding.Message));
    }

    private static void Answers(SimulatedMachine machine, params string[] lines) =>
        machine.PowerShell = _ => new PowerShellRun([.. s_allDone.Where(done => !lines.Any(line => line.Split('|')[0] == done.Split('|')[0])), .. lines]);

    private IReadOnlyList<Finding> Check(Func<Rule, bool>? isWanted = null) =>
        [.. WindowsReadinessChecks.Check(_machine, isWanted ?? (_ => true), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)];
}
