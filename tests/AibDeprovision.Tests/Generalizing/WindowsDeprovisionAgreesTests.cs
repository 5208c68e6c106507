using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>Corners in which the generated script and the cmdlet have to do the same: each test runs both, on VMs of their own.</summary>
public sealed class WindowsDeprovisionAgreesTests
{
    [Fact]
    public void At_the_deadline_Sysprep_is_not_started_any_more() => Both(
        new DeprovisionPlan { ServiceTimeout = TimeSpan.FromMinutes(15), Deadline = TimeSpan.FromMinutes(15) },
        vm => vm.Services.Install("WindowsAzureTelemetryService", ServiceStatus.StartPending),
        (vm, exitCode, cause) =>
        {
            Assert.Equal(DeprovisionExitCode.DeadlinePassed, exitCode);
            Assert.Contains("the deadline of 900 s has passed: no time is left for Sysprep", cause, StringComparison.Ordinal);
            Assert.Empty(vm.Sysprep.CommandLines);
        });

    [Fact]
    public void Nothing_is_proven_while_SetupHost_works() => Both(new DeprovisionPlan(), vm => vm.Sysprep.HandsOver = true, (vm, exitCode, _) =>
    {
        Assert.Equal(DeprovisionExitCode.Sealed, exitCode);
        Assert.DoesNotContain("SetupHost", vm.Processes.Running.Select(p => p.Name));
    });

    [Fact]
    public void SetupHost_alone_is_a_Sysprep_that_runs_already() => Both(new DeprovisionPlan(), vm => vm.Processes.Start("SetupHost"), (vm, exitCode, cause) =>
    {
        Assert.Equal(DeprovisionExitCode.NotReady, exitCode);
        Assert.Contains("Sysprep is at work (SetupHost)", cause, StringComparison.Ordinal);
        Assert.Empty(vm.Sysprep.CommandLines);
    });

    [Fact]
    public void SetupHost_of_a_feature_update_is_no_Sysprep() => Both(new DeprovisionPlan(), vm => vm.Processes.Start("SetupHost", @"C:\$WINDOWS.~BT\Sources"), (vm, exitCode, cause) =>
    {
        Assert.Equal(DeprovisionExitCode.Sealed, exitCode);
        Assert.DoesNotContain("at work", cause, StringComparison.Ordinal);
        Assert.Contains("SetupHost", vm.Processes.Running.Select(p => p.Name));
    });

    [Theory]
    [InlineData(0, "", false)]
    [InlineData(2, "", false)]
    [InlineData(0, @"C:\Windows\system32\oobe\windeploy.exe", false)]
    [InlineData(2, @"C:\Windows\system32\oobe\WinDeploy.exe", true)]
    public void A_machine_is_sealed_already_where_state_and_next_start_say_so(int setupType, string commandLine, bool isSealed) => Both(
        new DeprovisionPlan(),
        vm =>
        {
            vm.ImageState = ImageStates.GeneralizedToOobe;
            vm.Sysprep.SetNextStart(setupType, commandLine);
        },
        (vm, exitCode, cause) =>
        {
            Assert.Equal(isSealed ? DeprovisionExitCode.NotReady : DeprovisionExitCode.Sealed, exitCode);
            Assert.Equal(isSealed, cause.Contains("generalized already", StringComparison.Ordinal));
        });

    [Theory]
    [InlineData("7", true)]
    [InlineData(7L, true)]
    [InlineData("seven", false)]
    public void A_value_of_another_type_is_held_against_its_digits(object generalizationState, bool isReady) => Both(
        new DeprovisionPlan { Strict = true },
        vm => vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", generalizationState),
        (vm, exitCode, cause) =>
        {
            Assert.Equal(isReady ? 1 : 0, vm.Sysprep.CommandLines.Count);
            Assert.Equal(!isReady, cause.Contains($"GeneralizationState is {generalizationState} instead of 7", StringComparison.Ordinal) && exitCode == DeprovisionExitCode.NotReady);
        });

    [Fact]
    public void A_refusal_shortly_before_the_limit_is_a_refusal() => Both(
        new DeprovisionPlan { SysprepTimeout = TimeSpan.FromSeconds(20) },
        vm => vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation,
        (vm, exitCode, cause) =>
        {
            Assert.Equal(DeprovisionExitCode.SysprepNotSealed, exitCode);
            Assert.Contains("Sysprep ended with the image state IMAGE_STATE_COMPLETE and without its success tag; first error: [0x0f0082] SYSPRP LaunchDll", cause, StringComparison.Ordinal);
            Assert.InRange(vm.Clock.Elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(22));
        });

    [Theory]
    [InlineData("agent.dll", @"C:\Windows\System32\agent.dll", true)]
    [InlineData("agent", @"C:\Windows\System32\agent.dll", true)]
    [InlineData("agent.dll", @"C:\Windows\System32\Sysprep\agent.dll", true)]
    [InlineData("agent.dll", @"C:\Windows\agent.dll", true)]
    [InlineData(@"C:\Tools\agent", @"C:\Tools\agent.dll", true)]
    [InlineData("agent.dll", @"C:\Tools\agent.dll", false)]
    [InlineData(@"C:\Tools\agent.dll", @"C:\Windows\System32\agent.dll", false)]
    public void A_provider_is_looked_for_where_Windows_looks(string registered, string file, bool isFound) => Both(
        new DeprovisionPlan(),
        vm =>
        {
            vm.Registry.Set(SimulatedVm.SetupKey + @"\SysPrepExternal\Generalize", "agent", registered + ",Run");
            vm.Files.Write(file, "");
        },
        (vm, exitCode, cause) =>
        {
            Assert.Equal(isFound ? DeprovisionExitCode.Sealed : DeprovisionExitCode.NotReady, exitCode);
            Assert.Equal(isFound, vm.IsSealed);
            Assert.Equal(isFound, !cause.Contains("is registered, but", StringComparison.Ordinal));
        });

    private static void Both(DeprovisionPlan plan, Action<SimulatedVm> arrange, Action<SimulatedVm, DeprovisionExitCode, string> check)
    {
        var cancel = TestContext.Current.CancellationToken;
        var vm = new SimulatedVm();
        arrange(vm);
        var result = WindowsDeprovision.Run(new SimulatedMachine(vm), plan, (_, _) => { }, cancel);
        check(vm, result.Verdict, result.Cause);

        vm = new SimulatedVm();
        arrange(vm);
        var rehearsed = new RehearsalSandbox(new SandboxLimits()).Run(ScriptGenerator.Generate(plan).Content, vm, TimeSpan.FromMinutes(240), cancel);
        check(vm, (DeprovisionExitCode)rehearsed.ExitCode!, string.Join('\n', rehearsed.Output));
    }
}
