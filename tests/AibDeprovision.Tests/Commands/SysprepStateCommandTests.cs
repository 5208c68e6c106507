using System.Management.Automation;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Get-, Test- and Wait-AibSysprepState in the real engine, on a simulated VM in virtual time.</summary>
public sealed class SysprepStateCommandTests : IDisposable
{
    private readonly SimulatedSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Get_reads_the_state_before_and_after_a_run()
    {
        var fresh = Assert.Single(_session.Run("Get-AibSysprepState").Objects<SysprepState>());
        Assert.Equal((ImageStates.Complete, false, false, 7, 2, null), (fresh.ImageState, fresh.HasSuccessTag, fresh.IsSealed, fresh.GeneralizationState, fresh.CleanupState, fresh.Root));
        Assert.Empty(fresh.Running);

        StartSysprep();
        Assert.Equal(["Sysprep"], Assert.Single(_session.Run("Get-AibSysprepState").Objects<SysprepState>()).Running);
        _session.Vm.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(Assert.Single(_session.Run("(Get-AibSysprepState).IsSealed").Objects<bool>()));
    }

    [Fact]
    public void Get_names_the_first_error_of_the_last_run()
    {
        _session.Vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        StartSysprep();
        _session.Vm.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("provider.dll", Assert.Single(_session.Run("(Get-AibSysprepState).LastError").Objects<string>()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_one_error()
    {
        var log = SimulatedVm.System32 + @"\Sysprep\Panther\setuperr.log";
        _session.Machine.Unreadable.Add(log);
        var error = _session.Run("Get-AibSysprepState").Error;
        NewAibDeprovisionScriptTests.AssertError(error, "AccessDenied");
        Assert.Equal((ErrorCategory.PermissionDenied, log), (error.CategoryInfo.Category, error.TargetObject));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("IMAGE_STATE_COMPLETE", true)]
    [InlineData("image_state_complete", true)]
    [InlineData("-ImageState IMAGE_STATE_UNDEPLOYABLE", false)]
    public void Test_gives_a_bool(string arguments, bool expected) =>
        Assert.Equal(expected, Assert.Single(_session.Run("Test-AibSysprepState " + arguments).Objects<bool>()));

    [Fact]
    public void Test_asks_for_the_state_of_the_registry_and_for_nothing_else()
    {
        _session.Vm.ImageState = ImageStates.GeneralizedToOobe;
        Assert.True(Assert.Single(_session.Run("Test-AibSysprepState").Objects<bool>()));
        Assert.False(Assert.Single(_session.Run("(Get-AibSysprepState).IsSealed").Objects<bool>()));
    }

    [Fact]
    public void Wait_writes_nothing_unless_PassThru_is_given()
    {
        StartSysprep();
        Assert.Empty(_session.Run("Wait-AibSysprepState").Objects<object>());
        Assert.Equal(_session.Vm.Sysprep.Duration, _session.Vm.Clock.Elapsed);

        var outcome = Assert.Single(_session.Run("Wait-AibSysprepState -PassThru").Objects<WaitOutcome>());
        Assert.Equal(("ImageState", true, ImageStates.GeneralizedToOobe, TimeSpan.Zero, null), (outcome.Name, outcome.IsReached, outcome.State, outcome.Waited, outcome.Reason));
    }

    [Fact]
    public void Wait_ends_half_a_minute_after_Sysprep_where_the_state_cannot_come()
    {
        var result = _session.Run("Wait-AibSysprepState -PassThru");
        AssertError(result.Error, "SysprepNotSealed", ErrorCategory.InvalidResult);
        Assert.False(((WaitOutcome)Assert.Single(result.Output).BaseObject).IsReached);
        Assert.Equal(TimeSpan.FromSeconds(30), _session.Vm.Clock.Elapsed);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(0)]
    public void Wait_ends_at_its_limit_in_seconds(int seconds)
    {
        _session.Vm.Sysprep.Ending = SysprepEnding.Hangs;
        StartSysprep();
        AssertError(_session.Run($"Wait-AibSysprepState -Timeout {seconds}").Error, "ImageStateNotReached", ErrorCategory.OperationTimeout);
        Assert.Equal(TimeSpan.FromSeconds(seconds), _session.Vm.Clock.Elapsed);
    }

    [Fact]
    public void Wait_reports_each_change()
    {
        StartSysprep();
        var changes = _session.Run("Wait-AibSysprepState -Verbose").Verbose;
        Assert.Equal([.. new[] { ImageStates.Complete, ImageStates.Undeployable, ImageStates.GeneralizedToOobe }.Select(s => "image state is " + s)], changes);
    }

    [Theory]
    [InlineData("Test-AibSysprepState IMAGE_STATE_GEN", new[] { ImageStates.GeneralizedToOobe, ImageStates.GeneralizedToAudit })]
    [InlineData("Wait-AibSysprepState -ImageState *undeploy", new[] { ImageStates.Undeployable })]
    public void Tab_offers_the_image_states(string input, string[] expected)
    {
        var offers = _session.Engine.Complete(input);
        Assert.Equal(expected, offers.Select(o => o.CompletionText));
        Assert.All(offers, o => Assert.NotEqual(o.CompletionText, o.ToolTip));
    }

    [Fact]
    public void Stopping_ends_the_wait_at_once()
    {
        _session.Vm.Sysprep.Ending = SysprepEnding.Hangs;
        StartSysprep();
        Assert.True(_session.Stop("Wait-AibSysprepState -Timeout 16h") < TimeSpan.FromSeconds(15));
    }

    private void StartSysprep() => _session.Vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"]);

    private static void AssertError(ErrorRecord error, string id, ErrorCategory category)
    {
        NewAibDeprovisionScriptTests.AssertError(error, id);
        Assert.Equal((id + ",AibDeprovision.Commands.WaitAibSysprepStateCommand", category, ImageStates.GeneralizedToOobe), (error.FullyQualifiedErrorId, error.CategoryInfo.Category, error.TargetObject));
    }
}
