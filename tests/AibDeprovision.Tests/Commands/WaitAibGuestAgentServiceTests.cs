using System.Management.Automation;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Wait-AibGuestAgentService in the real engine, on a simulated VM in virtual time.</summary>
public sealed class WaitAibGuestAgentServiceTests : IDisposable
{
    private const string Agent = "RdAgent";
    private const string GuestAgent = "WindowsAzureGuestAgent";
    private const string Telemetry = "WindowsAzureTelemetryService";
    private const string Suffix = ",AibDeprovision.Commands.WaitAibGuestAgentServiceCommand";
    private readonly SimulatedSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Where_the_agent_runs_it_writes_nothing()
    {
        Assert.Empty(_session.Run("Wait-AibGuestAgentService").Objects<object>());
        Assert.Equal(TimeSpan.Zero, _session.Vm.Clock.Elapsed);
    }

    [Fact]
    public void PassThru_writes_how_the_wait_for_each_has_ended()
    {
        _session.Vm.Services.Set(GuestAgent, ServiceStatus.StartPending);
        _session.Vm.Clock.After(TimeSpan.FromSeconds(7), () => _session.Vm.Services.Set(GuestAgent, ServiceStatus.Running));

        var result = _session.Run("Wait-AibGuestAgentService -PassThru -Verbose");

        Assert.Equal([(Agent, true, "Running", 7), (GuestAgent, true, "Running", 7), (Telemetry, false, "missing", 7)],
            result.Objects<WaitOutcome>().Select(o => (o.Name, o.IsReached, o.State, (int)o.Waited.TotalSeconds)));
        Assert.Contains($"{GuestAgent} is StartPending", result.Verbose);
        Assert.Contains($"The optional service {Telemetry} is missing.", result.Verbose);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_missing_service_is_an_error_at_once_or_after_AppearTimeout()
    {
        _session.Vm.Services.Remove(Agent);

        AssertError(_session.Run("Wait-AibGuestAgentService").Error, "ServiceNotInstalled", ErrorCategory.ObjectNotFound, Agent);
        Assert.Equal(TimeSpan.Zero, _session.Vm.Clock.Elapsed);
        AssertError(_session.Run("Wait-AibGuestAgentService -AppearTimeout 90").Error, "ServiceNotInstalled", ErrorCategory.ObjectNotFound, Agent);
        Assert.Equal(TimeSpan.FromSeconds(90), _session.Vm.Clock.Elapsed);
    }

    [Fact]
    public void A_disabled_service_is_an_error_at_once_and_the_other_one_a_warning()
    {
        _session.Vm.Services.Set(Agent, ServiceStatus.StartPending);
        _session.Vm.Services.Set(GuestAgent, ServiceStatus.Stopped);
        _session.Vm.Services.SetStartType(GuestAgent, ServiceStartType.Disabled);

        var result = _session.Run("Wait-AibGuestAgentService");

        AssertError(result.Error, "ServiceDisabled", ErrorCategory.ResourceUnavailable, GuestAgent);
        Assert.Equal(TimeSpan.Zero, _session.Vm.Clock.Elapsed);
        Assert.Equal($"The wait for {Agent} was given up, since another service cannot come up.", Assert.Single(result.Warnings));
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("2m", 120)]
    [InlineData("00:01:00", 60)]
    [InlineData("0", 0)]
    public void The_time_limit_is_given_as_people_think_of_it(string timeout, int seconds)
    {
        _session.Vm.Services.Set(Agent, ServiceStatus.Stopped);

        AssertError(_session.Run($"Wait-AibGuestAgentService -Timeout {timeout}").Error, "ServiceNotRunning", ErrorCategory.OperationTimeout, Agent);
        Assert.Equal(TimeSpan.FromSeconds(seconds), _session.Vm.Clock.Elapsed);
    }

    [Fact]
    public void A_stopped_service_is_started_only_when_that_is_asked_for()
    {
        _session.Vm.Services.Set(Agent, ServiceStatus.Stopped);
        Assert.False(Assert.Single(_session.Run("Wait-AibGuestAgentService RdAgent -Optional @() -Timeout 60 -PassThru -ErrorAction SilentlyContinue").Output.Select(o => ((WaitOutcome)o.BaseObject).IsReached)));

        var outcome = Assert.Single(_session.Run("Wait-AibGuestAgentService RdAgent -Optional @() -Start -PassThru").Objects<WaitOutcome>());
        Assert.Equal((true, 2), (outcome.IsReached, (int)outcome.Waited.TotalSeconds));
    }

    [Fact]
    public void An_optional_service_that_never_runs_costs_the_whole_time_and_is_a_warning()
    {
        _session.Vm.Services.Install(Telemetry, ServiceStatus.Stopped);

        var result = _session.Run("Wait-AibGuestAgentService -Timeout 60");

        Assert.Empty(result.Objects<object>());
        Assert.Contains($"The optional service {Telemetry} is Stopped", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(60), _session.Vm.Clock.Elapsed);
    }

    [Theory]
    [InlineData("'WinRM', 'RdAgent', 'winrm'")]
    [InlineData("$args | ForEach-Object { $_ }")]
    [InlineData("[pscustomobject]@{ ServiceName = 'WinRM' }, [pscustomobject]@{ ServiceName = 'RdAgent' }")]
    [InlineData("[pscustomobject]@{ Name = 'WinRM' }, [pscustomobject]@{ Name = 'RdAgent' }")]
    public void Names_come_from_the_pipeline_and_are_waited_for_together(string input)
    {
        _session.Vm.Services.Set("WinRM", ServiceStatus.StartPending);
        _session.Vm.Clock.After(TimeSpan.FromSeconds(20), () => _session.Vm.Services.Set("WinRM", ServiceStatus.Running));

        var outcomes = _session.Run(input + " | Wait-AibGuestAgentService -Optional @() -PassThru", "WinRM", "RdAgent").Objects<WaitOutcome>();

        Assert.Equal([("WinRM", 20), ("RdAgent", 20)], outcomes.Select(o => (o.Name, (int)o.Waited.TotalSeconds)));
    }

    [Fact]
    public void Every_service_that_fails_has_its_error()
    {
        _session.Vm.Services.Remove(Agent);
        _session.Vm.Services.Remove(GuestAgent);
        Assert.Equal([Agent, GuestAgent], _session.Run("Wait-AibGuestAgentService").Errors.Select(e => e.TargetObject));
    }

    [Theory]
    [InlineData("-Name Windows", new[] { GuestAgent, Telemetry })]
    [InlineData("-Optional Rd", new[] { Agent })]
    [InlineData("*guest", new[] { GuestAgent })]
    public void Tab_offers_the_services_of_the_agent(string input, string[] expected)
    {
        var offers = _session.Engine.Complete("Wait-AibGuestAgentService " + input);
        Assert.Equal(expected, offers.Select(o => o.CompletionText));
        Assert.All(offers, o => Assert.NotEqual(o.CompletionText, o.ToolTip));
    }

    [Theory]
    [InlineData("-Optional $null")]
    [InlineData("-Optional ''")]
    [InlineData("-Optional 'Rd*'")]
    [InlineData("-Name 'Rd*'")]
    public void Names_that_no_service_can_have_are_refused(string option)
    {
        var error = _session.Run("Wait-AibGuestAgentService " + option).Error;
        Assert.Equal(("InvalidOptionValue" + Suffix, ErrorCategory.InvalidArgument), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        Assert.StartsWith(option.Split(' ')[0], error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Wait-AibGuestAgentService")]
    [InlineData("Wait-AibGuestAgentService -Timeout 1 -Name NoSuchService")]
    [InlineData("Wait-AibSysprepState IMAGE_STATE_COMPLETE")]
    [InlineData("Invoke-AibSysprep -Timeout 1")]
    [InlineData("Invoke-AibDeprovision")]
    public void What_is_shown_of_its_progress_goes_with_it(string command)
    {
        _session.Run(command);
        Assert.Equal(ProgressRecordType.Completed, _session.Host.Progress?.RecordType);
    }

    [Fact]
    public void Stopping_ends_it_at_once()
    {
        _session.Vm.Services.Set(Agent, ServiceStatus.Stopped);
        Assert.True(_session.Stop("Wait-AibGuestAgentService -Timeout 16h") < TimeSpan.FromSeconds(15));
    }

    private static void AssertError(ErrorRecord error, string id, ErrorCategory category, string target)
    {
        NewAibDeprovisionScriptTests.AssertError(error, id);
        Assert.Equal((id + Suffix, category, target), (error.FullyQualifiedErrorId, error.CategoryInfo.Category, error.TargetObject));
    }
}
