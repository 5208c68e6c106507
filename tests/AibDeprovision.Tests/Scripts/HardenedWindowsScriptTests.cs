using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The hardened Windows script and the documented defaults, run on simulated VMs.</summary>
public sealed partial class HardenedWindowsScriptTests
{
    private const string Generalize = SimulatedVm.SetupKey + @"\SysPrepExternal\Generalize";
    private static readonly RehearsalSandbox Sandbox = new(new SandboxLimits());

    [Fact]
    public void A_healthy_machine_is_sealed()
    {
        var vm = new SimulatedVm();
        var result = Run(vm);
        Assert.Equal((RehearsalOutcome.Sealed, 0), (result.Outcome, result.ExitCode));
        Assert.True(vm.IsSealed);
        Assert.Null(result.Cause);
        Assert.Equal(["/oobe /generalize /quiet /quit"], vm.Sysprep.CommandLines);
        Assert.InRange(result.VirtualTime, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(130));
    }

    public static TheoryData<string, DeprovisionExitCode, string> Failures => new()
    {
        { "agent missing", DeprovisionExitCode.AgentServiceMissing, "RdAgent" },
        { "agent disabled", DeprovisionExitCode.AgentServiceNotStarted, "disabled" },
        { "agent stays stopped", DeprovisionExitCode.AgentServiceNotStarted, "WindowsAzureGuestAgent (Stopped)" },
        { "restart pending", DeprovisionExitCode.SysprepNotSealed, "require a reboot. To run Sysprep, reboot the computer and restart the application.; suspected: An update waits for a restart" },
        { "earlier run half done", DeprovisionExitCode.SysprepNotSealed, "dwRet = 0x1f; suspected: GeneralizationState is 3 instead of 7" },
        { "sealed already", DeprovisionExitCode.NotReady, "generalized already" },
        { "provider DLL missing", DeprovisionExitCode.NotReady, "VMAgentDisabler.dll" },
        { "undeployable at start", DeprovisionExitCode.NotReady, ImageStates.Undeployable },
        { "sysprep runs already", DeprovisionExitCode.NotReady, "Sysprep is at work (Sysprep)" },
        { "32-bit", DeprovisionExitCode.NotReady, "32-bit" },
        { "sysprep.exe missing", DeprovisionExitCode.SysprepNotStarted, "Sysprep.exe is missing" },
        { "sysprep cannot be started", DeprovisionExitCode.SysprepNotStarted, "This app has been blocked" },
        { "sysprep refuses", DeprovisionExitCode.SysprepNotSealed, "was installed for a user" },
        { "sysprep dies", DeprovisionExitCode.SysprepNotSealed, "SLReArmWindows" },
        { "sysprep hangs", DeprovisionExitCode.DeadlinePassed, "not done after 2700 s" },
        { "not elevated", DeprovisionExitCode.NotElevated, "runElevated" },
        { "registry access denied", DeprovisionExitCode.Unexpected, "registry access is not allowed" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Every_failure_has_its_exit_code_and_names_its_cause(string failure, DeprovisionExitCode code, string cause)
    {
        var vm = new SimulatedVm();
        Arrange(vm, failure);
        var result = Run(vm);
        Assert.True(result.Outcome == RehearsalOutcome.Failed, Explain(result));
        Assert.Equal(code, (DeprovisionExitCode)result.ExitCode!);
        Assert.Contains(cause, result.Cause!, StringComparison.Ordinal);
        Assert.False(vm.IsSealed);
        Assert.InRange(result.VirtualTime, TimeSpan.Zero, TimeSpan.FromSeconds(3605));
    }

    [Theory]
    [InlineData("restart pending", "An update waits for a restart")]
    [InlineData("earlier run half done", "GeneralizationState is 3 instead of 7")]
    public void What_is_only_likely_to_fail_is_warned_of_and_refused_where_that_is_asked_for(string situation, string cause)
    {
        var vm = new SimulatedVm();
        Arrange(vm, situation);
        vm.Sysprep.MindsPendingRestart = vm.Sysprep.MindsEarlierRun = false;
        var result = Run(vm);
        Assert.True(result.Outcome == RehearsalOutcome.Sealed, Explain(result));
        Assert.Single(result.Output, line => line.Contains($"prepare: warning: {cause}", StringComparison.Ordinal));

        vm = new SimulatedVm();
        Arrange(vm, situation);
        var refused = Run(vm, new DeprovisionPlan { Strict = true });
        Assert.Equal((int)DeprovisionExitCode.NotReady, refused.ExitCode);
        Assert.Contains(cause, refused.Cause!, StringComparison.Ordinal);
        Assert.Empty(vm.Sysprep.CommandLines);
    }

    [Fact]
    public void The_overall_deadline_cuts_what_the_single_limits_would_allow()
    {
        var vm = new SimulatedVm();
        vm.Services.Remove("RdAgent");
        var result = Run(vm, new DeprovisionPlan { Deadline = TimeSpan.FromSeconds(60), ServiceTimeout = TimeSpan.FromSeconds(60), SysprepTimeout = TimeSpan.FromSeconds(60) });
        Assert.Equal((int)DeprovisionExitCode.DeadlinePassed, result.ExitCode);
        Assert.Contains("deadline of 60 s", result.Cause!, StringComparison.Ordinal);
        Assert.InRange(result.VirtualTime, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(63));
    }

    [Theory]
    [InlineData("throw 'no luck'", "", "no luck")]
    [InlineData("exit 0", "", "left by exit")]
    [InlineData("", "throw 'too late'", "too late")]
    [InlineData("", "exit 0", "left by exit")]
    public void A_hook_that_fails_fails_the_build(string before, string after, string cause)
    {
        var result = Run(new SimulatedVm(), new DeprovisionPlan { BeforeScript = before, AfterScript = after });
        Assert.Equal((int)DeprovisionExitCode.HookFailed, result.ExitCode);
        Assert.Contains(cause, result.Cause!, StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_run_where_they_belong()
    {
        var result = Run(new SimulatedVm(), new DeprovisionPlan { BeforeScript = "Write-Output 'first'", AfterScript = "Write-Output 'last'" });
        Assert.Equal(RehearsalOutcome.Sealed, result.Outcome);
        var lines = result.Output.ToList();
        Assert.InRange(lines.IndexOf("first"), 1, lines.FindIndex(l => l.Contains("wait-services", StringComparison.Ordinal)));
        Assert.InRange(lines.IndexOf("last"), lines.FindIndex(l => l.Contains("] verify:", StringComparison.Ordinal)), lines.Count - 2);
    }

    [Fact]
    public void Mode_vm_reaches_sysprep()
    {
        var vm = new SimulatedVm();
        Assert.Equal(RehearsalOutcome.Sealed, Run(vm, new DeprovisionPlan { ModeVm = true }).Outcome);
        Assert.Equal(["/oobe /generalize /quiet /quit /mode:vm"], vm.Sysprep.CommandLines);
    }

    [Fact]
    public void A_broken_provider_that_is_to_be_removed_is_removed()
    {
        var vm = new SimulatedVm();
        Arrange(vm, "provider DLL missing");
        var result = Run(vm, new DeprovisionPlan { RemoveSysprepProviders = ["VMAgentDisabler.dll"] });
        Assert.Equal(RehearsalOutcome.Sealed, result.Outcome);
        Assert.Null(vm.Registry.Find(Generalize, "vmagent"));
    }

    [Fact]
    public void What_an_earlier_run_left_does_not_speak_for_this_one()
    {
        var vm = new SimulatedVm();
        vm.Files.Write(SimulatedVm.System32 + @"\Sysprep\unattend.xml", "<unattend/>");
        vm.Files.Write(SimulatedVm.Windows + @"\Panther\unattend.xml", "<unattend/>");
        vm.Files.Write(SimulatedVm.System32 + @"\Sysprep\Sysprep_succeeded.tag", "");
        vm.Files.Write(SimulatedVm.System32 + @"\Sysprep\Panther\setuperr.log", "2025-10-01 10:00:00, Error      [0x0f0085] SYSPRP an old error\r\n");
        vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        var result = Run(vm);
        Assert.Equal((int)DeprovisionExitCode.SysprepNotSealed, result.ExitCode);
        Assert.False(vm.Files.Exists(SimulatedVm.System32 + @"\Sysprep\unattend.xml"));
        Assert.False(vm.Files.Exists(SimulatedVm.Windows + @"\Panther\unattend.xml"));
        Assert.True(vm.Files.Exists(SimulatedVm.System32 + @"\Sysprep\Panther\setuperr.before.log"));
        Assert.DoesNotContain(result.Output, line => line.Contains("an old error", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stopped_agent_is_started_once()
    {
        var vm = new SimulatedVm();
        vm.Services.Set("RdAgent", ServiceStatus.Stopped);
        var result = Run(vm);
        Assert.Equal(RehearsalOutcome.Sealed, result.Outcome);
        Assert.Single(result.Output, line => line.Contains("has been asked to start", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sysprep_that_hands_over_to_SetupHost_is_waited_for()
    {
        var vm = new SimulatedVm();
        vm.Sysprep.HandsOver = true;
        Assert.Equal(RehearsalOutcome.Sealed, Run(vm).Outcome);
    }

    [Fact]
    public void A_clock_that_jumps_ends_no_wait_early()
    {
        var vm = new SimulatedVm();
        vm.Sysprep.Duration = TimeSpan.FromMinutes(20);
        vm.Clock.After(TimeSpan.FromSeconds(30), () => vm.Clock.JumpBy(TimeSpan.FromHours(7)));
        vm.Clock.After(TimeSpan.FromSeconds(60), () => vm.Clock.JumpBy(TimeSpan.FromHours(-9)));
        Assert.Equal(RehearsalOutcome.Sealed, Run(vm).Outcome);
    }

    [Theory]
    [InlineData("20348", false)]
    [InlineData("26100", true)]
    [InlineData("unknown", true)]
    public void Running_as_SYSTEM_is_warned_about_where_it_breaks_the_first_logon(string build, bool warned)
    {
        var vm = new SimulatedVm { User = SimulatedUser.System };
        vm.Registry.Set(@"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion", "CurrentBuildNumber", build);
        var result = Run(vm);
        Assert.Equal(RehearsalOutcome.Sealed, result.Outcome);
        Assert.Equal(warned, result.Output.Any(line => line.Contains("warning: Running as SYSTEM", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("healthy")]
    [InlineData("agent stays stopped")]
    [InlineData("sysprep dies")]
    [InlineData("sysprep hangs")]
    public void The_log_has_a_line_a_change_and_ends_with_the_verdict(string situation)
    {
        var vm = new SimulatedVm();
        Arrange(vm, situation);
        var result = Run(vm);
        Assert.All(result.Output, line => Assert.Matches(Line(), line));
        Assert.Contains("] verdict: ", result.Output[^1], StringComparison.Ordinal);
        // A line a poll would be hundreds; the Sysprep logs that are shown are at most 70.
        Assert.InRange(result.Output.Count(line => line.StartsWith(">>>", StringComparison.Ordinal)), 4, 20);
    }

    [Theory]
    [InlineData("windows-2")]
    [InlineData("windows-3")]
    public void The_documented_default_seals_a_healthy_machine_and_hangs_without_the_agent(string version)
    {
        var plan = new DeprovisionPlan { Profile = DeprovisionProfile.Generic, GenericVersion = version };
        var healthy = Run(new SimulatedVm(), plan);
        Assert.Equal((RehearsalOutcome.Sealed, 0), (healthy.Outcome, healthy.ExitCode));
        Assert.Contains(ImageStates.Undeployable, healthy.Output);
        Assert.Equal(">>> Sysprep complete ...", healthy.Output[^1]);

        var vm = new SimulatedVm();
        vm.Services.Remove("RdAgent");
        var hung = Run(vm, plan);
        Assert.Equal(RehearsalOutcome.Hung, hung.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(240), hung.VirtualTime);
        Assert.Null(hung.ExitCode);
        Assert.Contains("Get-Service : Cannot find any service with service name 'RdAgent'.", hung.Output);
    }

    private static void Arrange(SimulatedVm vm, string situation)
    {
        switch (situation)
        {
            case "healthy":
                break;
            case "agent missing":
                vm.Services.Remove("RdAgent");
                break;
            case "agent disabled":
                vm.Services.Set("RdAgent", ServiceStatus.Stopped);
                vm.Services.SetStartType("RdAgent", ServiceStartType.Disabled);
                break;
            case "agent stays stopped":
                vm.Services.Set("WindowsAzureGuestAgent", ServiceStatus.Stopped);
                vm.Services.Find("WindowsAzureGuestAgent")!.StartsWithin = null;
                break;
            case "restart pending":
                vm.Registry.Create(SimulatedVm.RebootPendingKey);
                break;
            case "earlier run half done":
                vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", 3);
                break;
            case "sealed already":
                vm.ImageState = ImageStates.GeneralizedToOobe;
                vm.Sysprep.SetNextStart(2, @"oobe\windeploy.exe");
                break;
            case "provider DLL missing":
                vm.Files.Delete(SimulatedVm.System32 + @"\VMAgentDisabler.dll");
                break;
            case "undeployable at start":
                vm.ImageState = ImageStates.Undeployable;
                break;
            case "sysprep runs already":
                vm.Processes.Start("Sysprep");
                break;
            case "32-bit":
                vm.Environment["PROCESSOR_ARCHITEW6432"] = "AMD64";
                break;
            case "sysprep.exe missing":
                vm.Files.Delete(SimulatedSysprep.Path);
                break;
            case "sysprep cannot be started":
                vm.Sysprep.StartFailure = "This app has been blocked by your system administrator.";
                break;
            case "sysprep refuses":
                vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
                vm.Sysprep.Errors = [new(null, "Package Contoso.App_1.0_x64__abc was installed for a user, but not provisioned for all users.")];
                break;
            case "sysprep dies":
                vm.Sysprep.RearmsLeft = 0;
                break;
            case "sysprep hangs":
                vm.Sysprep.Ending = SysprepEnding.Hangs;
                break;
            case "not elevated":
                vm.User = SimulatedUser.NotElevated;
                break;
            case "registry access denied":
                vm.Registry.Deny(Generalize);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(situation), situation, "Not a situation.");
        }
    }

    private static RehearsalResult Run(SimulatedVm vm, DeprovisionPlan? plan = null) =>
        Sandbox.Run(ScriptGenerator.Generate(plan ?? new DeprovisionPlan()).Content, vm, TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);

    private static string Explain(RehearsalResult result) => $"{result} {result.ExitCode} {result.Cause} {result.Detail}\n{string.Join("\n", result.Output)}";

    [GeneratedRegex(@"^(>>> AibDeprovision \[ *\d+\.\ds\] [a-z-]+: .*|    \| .*)$")]
    private static partial Regex Line();
}
