using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>The wait for an image state, on a simulated VM in virtual time.</summary>
public sealed class SysprepStateWaitTests
{
    private readonly SimulatedVm _vm = new();

    [Fact]
    public void The_state_is_seen_in_the_moment_it_comes()
    {
        _vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"]);
        var outcome = Wait();
        Assert.True(outcome.IsReached);
        Assert.Equal(_vm.Sysprep.Duration, outcome.Waited);
        Assert.Equal([ImageStates.Complete, ImageStates.Undeployable, ImageStates.GeneralizedToOobe], outcome.Changes.Select(c => c.State));
    }

    [Fact]
    public void A_state_that_is_there_is_not_waited_for()
    {
        Assert.True(Wait(ImageStates.Complete).IsReached);
        Assert.True(Wait("image_state_complete").IsReached);
        Assert.Equal(TimeSpan.Zero, _vm.Clock.Elapsed);
    }

    [Fact]
    public void What_cannot_come_is_not_waited_for()
    {
        _vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        _vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"]);
        var outcome = Wait();
        Assert.Equal(ErrorId.SysprepNotSealed, outcome.Error);
        Assert.Equal(TimeSpan.FromSeconds(34), outcome.Waited);
        Assert.Contains("provider.dll", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_runs_Sysprep_half_a_minute_is_enough()
    {
        var outcome = Wait();
        Assert.Equal(ErrorId.SysprepNotSealed, outcome.Error);
        Assert.Equal(SysprepWatch.Patience, outcome.Waited);
        Assert.Contains("its logs name none", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SetupHost_counts_as_Sysprep()
    {
        _vm.Sysprep.HandsOver = true;
        _vm.Sysprep.Duration = TimeSpan.FromMinutes(10);
        _vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"]);
        Assert.True(Wait().IsReached);
    }

    [Fact]
    public void The_end_of_the_time_names_state_and_changes()
    {
        _vm.Sysprep.Ending = SysprepEnding.Hangs;
        _vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"]);
        var outcome = Wait(timeout: TimeSpan.FromMinutes(5));
        Assert.Equal(ErrorId.ImageStateNotReached, outcome.Error);
        Assert.Equal(TimeSpan.FromMinutes(5), outcome.Waited);
        Assert.Contains("IMAGE_STATE_UNDEPLOYABLE after 4.0 s", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_key_is_a_state_of_its_own()
    {
        _vm.Registry.Delete(SysprepFiles.StateKey);
        _vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"]);
        var outcome = Wait();
        Assert.True(outcome.IsReached);
        Assert.Equal("(none)", outcome.Changes[0].State);
    }

    private WaitOutcome Wait(string state = ImageStates.GeneralizedToOobe, TimeSpan? timeout = null) =>
        SysprepStateWait.Run(new SimulatedMachine(_vm), state, timeout ?? TimeSpan.FromMinutes(45), null, TestContext.Current.CancellationToken);
}
