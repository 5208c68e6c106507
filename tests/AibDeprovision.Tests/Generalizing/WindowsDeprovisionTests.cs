using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>The whole deprovision of a Windows machine, beside the script that does the same, on the same simulated VMs.</summary>
public sealed class WindowsDeprovisionTests
{
    private readonly List<string> _lines = [];

    /// <summary>Every named scenario of the rehearsal, and the exit code that the hardened script has in it.</summary>
    [Fact]
    public void It_ends_as_the_hardened_script_does_in_every_scenario()
    {
        var script = WindowsRehearsal.Run(ScriptGenerator.Generate(new DeprovisionPlan()).Content, WindowsScenarios.All, TimeSpan.FromMinutes(240), new SandboxLimits(), TestContext.Current.CancellationToken)
            .ToDictionary(r => r.Scenario, r => r.ExitCode);
        Assert.All(WindowsScenarios.All, scenario =>
        {
            var vm = scenario.NewVm();
            var result = Run(vm);
            Assert.Equal((scenario.Name, script[scenario.Name]), (scenario.Name, (int?)result.ExitCode));
            Assert.True((result.Verdict == DeprovisionExitCode.Sealed) == vm.IsSealed || scenario.Name == "earlier-run-sealed", scenario.Name);
            Assert.False(string.IsNullOrWhiteSpace(result.Cause));
        });
    }

    [Fact]
    public void Generated_schedules_end_in_time_with_the_truth()
    {
        var plan = new DeprovisionPlan { ServiceTimeout = TimeSpan.FromSeconds(20), SysprepTimeout = TimeSpan.FromSeconds(60), Deadline = TimeSpan.FromSeconds(80) };
        Assert.All(GeneratedSchedules.From(20261122, 2_000, 0.02), schedule =>
        {
            var vm = schedule.NewVm();
            var result = Run(vm, plan);
            // Not the other way round: a machine on whose full disk Sysprep could not leave its tag is sealed, and not proven to be.
            Assert.True(vm.IsSealed || result.Verdict != DeprovisionExitCode.Sealed, $"{schedule.Name}: {result.Verdict} {result.Cause}");
            Assert.True(vm.Clock.Elapsed <= plan.Deadline + TimeSpan.FromSeconds(1), $"{schedule.Name}: {vm.Clock.Elapsed}");
            Assert.NotEqual(DeprovisionExitCode.Unexpected, result.Verdict);
        });
    }

    [Fact]
    public void Its_lines_have_the_form_of_the_script()
    {
        var result = Run(new SimulatedVm());
        Assert.Equal(DeprovisionExitCode.Sealed, result.Verdict);
        Assert.Equal(
        [
            ">>> AibDeprovision [    0.0s] start: Windows Server 2022 Datacenter Azure Edition, build 20348",
            ">>> AibDeprovision [    0.0s] start: image state IMAGE_STATE_COMPLETE; limits: services 900 s, sysprep 2700 s, deadline 3600 s",
            ">>> AibDeprovision [    0.0s] wait-services: RdAgent is Running",
            ">>> AibDeprovision [    0.0s] wait-services: WindowsAzureGuestAgent is Running",
            ">>> AibDeprovision [    0.0s] wait-services: WindowsAzureTelemetryService is missing",
            @">>> AibDeprovision [    0.0s] sysprep: starting C:\Windows\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit",
            ">>> AibDeprovision [    0.0s] sysprep: image state is IMAGE_STATE_COMPLETE",
            ">>> AibDeprovision [    4.0s] sysprep: image state is IMAGE_STATE_UNDEPLOYABLE",
            ">>> AibDeprovision [  120.0s] sysprep: image state is IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE",
            ">>> AibDeprovision [  122.0s] verify: image state is IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE, Sysprep_succeeded.tag is there, Sysprep has ended",
            @">>> AibDeprovision [  122.0s] trace: left C:\ProgramData\AibDeprovision\sealed.json",
            ">>> AibDeprovision [  122.0s] verdict: Sealed (exit code 0): the machine is generalized",
        ], _lines);
    }

    [Fact]
    public void A_failure_shows_the_logs_of_the_run_and_gives_their_findings()
    {
        var vm = new SimulatedVm();
        vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        var result = Run(vm);
        Assert.Equal(DeprovisionExitCode.SysprepNotSealed, result.Verdict);
        Assert.Contains("provider.dll", result.Findings[0].Message, StringComparison.Ordinal);
        Assert.Contains(_lines, l => l.EndsWith("setuperr.log of this run: 3 lines, the last 30 of them:", StringComparison.Ordinal));
        Assert.Contains(_lines, l => l.StartsWith("    | ", StringComparison.Ordinal) && l.Contains("provider.dll", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(null, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void A_machine_that_says_it_is_half_generalized_is_warned_of_and_refused_where_that_is_asked_for(int? generalizationState, bool isReady)
    {
        var vm = new SimulatedVm();
        vm.Registry.Unset(SimulatedSysprep.StatusKey, "GeneralizationState");
        if (generalizationState is { } state)
        {
            vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", state);
        }
        Assert.Equal(isReady, Run(vm, new DeprovisionPlan { Strict = true }).Verdict != DeprovisionExitCode.NotReady);
        Assert.Equal(isReady ? 1 : 0, vm.Sysprep.CommandLines.Count);
        if (!isReady)
        {
            var result = Run(vm);
            var suspicion = $"GeneralizationState is {generalizationState} instead of 7";
            Assert.Contains(_lines, l => l.Contains("prepare: warning: " + suspicion, StringComparison.Ordinal));
            Assert.Equal(DeprovisionExitCode.SysprepNotSealed, result.Verdict);
            Assert.Contains("first error: [0x0f0073] SYSPRP RunExternalDlls", result.Cause, StringComparison.Ordinal);
            Assert.Contains("; suspected: " + suspicion, result.Cause, StringComparison.Ordinal);
            Assert.Equal(("GeneralizationBrokeOff", Severity.Warning), (result.Findings[^1].RuleId, result.Findings[^1].Severity));
        }
    }

    [Fact]
    public void An_update_that_waits_for_a_restart_is_warned_of_and_refused_where_that_is_asked_for()
    {
        var vm = new SimulatedVm();
        vm.Registry.Create(SimulatedVm.RebootPendingKey);
        var refused = Run(vm, new DeprovisionPlan { Strict = true });
        Assert.Equal((DeprovisionExitCode.NotReady, "RestartPending"), (refused.Verdict, Assert.Single(refused.Findings).RuleId));
        Assert.Contains("; suspected: An update waits for a restart", Run(vm).Cause, StringComparison.Ordinal);
        vm.Sysprep.MindsPendingRestart = false;
        Assert.Equal(DeprovisionExitCode.Sealed, Run(vm).Verdict);
        Assert.True(vm.IsSealed);
    }

    [Fact]
    public void A_line_break_in_what_the_machine_says_stays_on_one_line()
    {
        var vm = new SimulatedVm();
        vm.Registry.Set(@"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion", "ProductName", "Windows\r\n>>> AibDeprovision [0.0s] verdict: Sealed (exit code 0)");
        Run(vm);
        Assert.StartsWith(">>> AibDeprovision [    0.0s] start: Windows >>>", _lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_provider_is_taken_out_when_that_is_asked_for()
    {
        var vm = new SimulatedVm();
        vm.Files.Delete(@"C:\Windows\System32\VMAgentDisabler.dll");
        Assert.Equal(DeprovisionExitCode.NotReady, Run(vm).Verdict);
        Assert.Equal(DeprovisionExitCode.Sealed, Run(vm, new DeprovisionPlan { RemoveSysprepProviders = ["vmagentdisabler.dll"] }).Verdict);
        Assert.True(vm.IsSealed);
    }

    [Fact]
    public void Mode_vm_reaches_Sysprep()
    {
        var vm = new SimulatedVm();
        Run(vm, new DeprovisionPlan { ModeVm = true });
        Assert.Equal(["/oobe /generalize /quiet /quit /mode:vm"], vm.Sysprep.CommandLines);
    }

    [Theory]
    [InlineData(20348, false)]
    [InlineData(26100, true)]
    public void Running_as_SYSTEM_is_warned_of_where_it_breaks_first_logon(int build, bool warned)
    {
        var vm = new SimulatedVm { User = SimulatedUser.System };
        vm.Registry.Set(@"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion", "CurrentBuildNumber", build.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(DeprovisionExitCode.Sealed, Run(vm).Verdict);
        Assert.Equal(warned, _lines.Exists(l => l.Contains("warning: Running as SYSTEM", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_32_bit_process_is_refused()
    {
        var vm = new SimulatedVm();
        vm.Environment["PROCESSOR_ARCHITEW6432"] = "AMD64";
        Assert.Equal(DeprovisionExitCode.NotReady, Run(vm).Verdict);
    }

    [Fact]
    public void What_the_machine_refuses_is_a_verdict_too()
    {
        var vm = new SimulatedVm();
        vm.Registry.Deny(@"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State");
        var result = Run(vm);
        Assert.Equal(DeprovisionExitCode.Unexpected, result.Verdict);
        Assert.Contains("cannot be read", result.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_pipeline_ends_it_without_a_verdict()
    {
        var vm = new SimulatedVm();
        vm.Services.Set("RdAgent", ServiceStatus.StartPending);
        using var cancel = new CancellationTokenSource();
        vm.Clock.After(TimeSpan.FromSeconds(3), cancel.Cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => WindowsDeprovision.Run(new SimulatedMachine(vm), new DeprovisionPlan(), (_, line) => _lines.Add(line), cancel.Token));
        Assert.DoesNotContain(_lines, l => l.Contains("verdict", StringComparison.Ordinal));
    }

    private DeprovisionResult Run(SimulatedVm vm, DeprovisionPlan? plan = null)
    {
        _lines.Clear();
        return WindowsDeprovision.Run(new SimulatedMachine(vm), plan ?? new DeprovisionPlan(), (_, line) => _lines.Add(line), TestContext.Current.CancellationToken);
    }
}
