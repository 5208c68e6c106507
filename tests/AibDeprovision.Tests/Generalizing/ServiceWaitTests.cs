using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>The wait for the guest agent's services, on a simulated VM in virtual time.</summary>
public sealed class ServiceWaitTests
{
    private const string Agent = "RdAgent";
    private const string GuestAgent = "WindowsAzureGuestAgent";
    private const string Telemetry = "WindowsAzureTelemetryService";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SimulatedVm _vm = new();
    private readonly List<string> _notes = [];

    [Fact]
    public void Services_that_run_are_not_waited_for()
    {
        var outcomes = Wait();
        Assert.Equal(TimeSpan.Zero, _vm.Clock.Elapsed);
        Assert.Equal([(Agent, true), (GuestAgent, true), (Telemetry, false)], outcomes.Select(o => (o.Name, o.IsReached)));
        Assert.All(outcomes, o => Assert.Null(o.Error));
        Assert.Equal("missing", outcomes[2].State);
    }

    [Fact]
    public void A_late_service_is_seen_in_the_moment_it_runs()
    {
        _vm.Services.Set(GuestAgent, ServiceStatus.StartPending);
        _vm.Clock.After(TimeSpan.FromMilliseconds(47_110), () => _vm.Services.Set(GuestAgent, ServiceStatus.Running));
        var late = Wait()[1];
        Assert.Equal(TimeSpan.FromMilliseconds(47_110), _vm.Clock.Elapsed);
        Assert.True(late.IsReached);
        Assert.Equal(["StartPending after 0.0 s", "Running after 47.1 s"], late.Changes.Select(c => c.ToString()));
        Assert.Equal($"{GuestAgent} is StartPending", _notes.First(n => n.StartsWith(GuestAgent, StringComparison.Ordinal)));
    }

    [Fact]
    public void All_have_to_run_at_the_same_moment()
    {
        _vm.Services.Set(GuestAgent, ServiceStatus.StartPending);
        _vm.Clock.After(TimeSpan.FromSeconds(10), () => _vm.Services.Set(Agent, ServiceStatus.Stopped));
        _vm.Clock.After(TimeSpan.FromSeconds(20), () => _vm.Services.Set(GuestAgent, ServiceStatus.Running));
        _vm.Clock.After(TimeSpan.FromSeconds(30), () => _vm.Services.Set(Agent, ServiceStatus.Running));
        Assert.All(Wait().Take(2), o => Assert.True(o.IsReached));
        Assert.Equal(TimeSpan.FromSeconds(30), _vm.Clock.Elapsed);
    }

    [Fact]
    public void A_missing_service_is_an_error_at_once_or_after_the_time_it_has_to_appear()
    {
        _vm.Services.Remove(Agent);
        var outcomes = Wait();
        Assert.Equal(ErrorId.ServiceNotInstalled, outcomes[0].Error);
        Assert.Equal(TimeSpan.Zero, _vm.Clock.Elapsed);

        Assert.Equal(ErrorId.ServiceNotInstalled, Wait(plan => plan with { AppearTimeout = Minute })[0].Error);
        Assert.Equal(Minute, _vm.Clock.Elapsed);
    }

    [Fact]
    public void A_service_that_is_installed_in_time_is_waited_for()
    {
        _vm.Services.Remove(Agent);
        _vm.Clock.After(TimeSpan.FromSeconds(40), () => _vm.Services.Install(Agent, ServiceStatus.StartPending));
        _vm.Clock.After(TimeSpan.FromSeconds(90), () => _vm.Services.Set(Agent, ServiceStatus.Running));
        var outcome = Wait(plan => plan with { AppearTimeout = Minute })[0];
        Assert.True(outcome.IsReached);
        Assert.Equal(["missing", "StartPending", "Running"], outcome.Changes.Select(c => c.State));
    }

    [Fact]
    public void A_disabled_service_ends_the_wait_for_all()
    {
        _vm.Services.Set(Agent, ServiceStatus.Stopped);
        _vm.Services.SetStartType(Agent, ServiceStartType.Disabled);
        _vm.Services.Set(GuestAgent, ServiceStatus.StartPending);
        var outcomes = Wait();
        Assert.Equal(ErrorId.ServiceDisabled, outcomes[0].Error);
        Assert.Null(outcomes[1].Error);
        Assert.Contains("given up", outcomes[1].Reason, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, _vm.Clock.Elapsed);
    }

    [Fact]
    public void A_disabled_service_that_still_runs_is_good_enough()
    {
        _vm.Services.SetStartType(Agent, ServiceStartType.Disabled);
        Assert.True(Wait()[0].IsReached);
    }

    [Fact]
    public void The_end_of_the_time_names_state_start_type_last_exit_and_changes()
    {
        _vm.Services.Set(Agent, ServiceStatus.Stopped);
        var agent = _vm.Services.Find(Agent)!;
        agent.StartType = ServiceStartType.Manual;
        (agent.ExitCode, agent.ServiceExitCode) = (1066, 77);
        _vm.Clock.After(TimeSpan.FromSeconds(8), () => _vm.Services.Set(Agent, ServiceStatus.StartPending));
        _vm.Clock.After(TimeSpan.FromSeconds(9), () => _vm.Services.Set(Agent, ServiceStatus.Stopped));
        var outcome = Wait(plan => plan with { Timeout = Minute })[0];
        Assert.Equal(Minute, _vm.Clock.Elapsed);
        Assert.Equal(ErrorId.ServiceNotRunning, outcome.Error);
        Assert.Equal("The service RdAgent did not run within 60 s: it is Stopped, start type Manual, last exit with its own code 77; "
            + "states: Stopped after 0.0 s, StartPending after 8.0 s, Stopped after 9.0 s.", outcome.Reason);
    }

    [Fact]
    public void A_stopped_service_is_asked_to_start_once_and_only_if_that_is_wanted()
    {
        _vm.Services.Set(Agent, ServiceStatus.Stopped);
        Assert.Equal(ErrorId.ServiceNotRunning, Wait(plan => plan with { Timeout = Minute })[0].Error);

        _vm.Services.Find(Agent)!.StartsWithin = null;
        var failed = Wait(plan => plan with { Timeout = Minute, StartAfter = TimeSpan.Zero })[0];
        Assert.EndsWith("It was asked to start.", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(["Stopped", "StartPending", "Stopped"], failed.Changes.Select(c => c.State));

        _vm.Services.Find(Agent)!.StartsWithin = TimeSpan.FromSeconds(2);
        var since = _vm.Clock.Elapsed;
        Assert.True(Wait(plan => plan with { StartAfter = TimeSpan.FromSeconds(30) })[0].IsReached);
        Assert.Equal(TimeSpan.FromSeconds(32), _vm.Clock.Elapsed - since);
    }

    [Fact]
    public void The_answer_to_a_start_is_not_waited_for_and_told_when_it_comes()
    {
        _vm.Services.Set(Agent, ServiceStatus.Stopped);
        var answer = new TaskCompletionSource<int>();
        _vm.Clock.After(TimeSpan.FromSeconds(30), () => answer.SetResult(1053));
        var plan = new ServiceWaitPlan { Required = [Agent], Timeout = TimeSpan.FromSeconds(20), StartAfter = TimeSpan.Zero, Note = _notes.Add };

        var early = Assert.Single(new ServiceWait(new LateAnswer(new SimulatedMachine(_vm), answer.Task), plan).Run(TestContext.Current.CancellationToken));
        Assert.Equal(TimeSpan.FromSeconds(20), _vm.Clock.Elapsed);
        Assert.EndsWith("It was asked to start.", early.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_notes, note => note.Contains("1053", StringComparison.Ordinal));

        var late = Assert.Single(new ServiceWait(new LateAnswer(new SimulatedMachine(_vm), answer.Task), plan).Run(TestContext.Current.CancellationToken));
        Assert.EndsWith("It was asked to start, and the system refused with error 1053.", late.Reason, StringComparison.Ordinal);
        Assert.Contains("RdAgent was stopped for 0 s and has been asked to start (error 1053)", _notes);
    }

    [Fact]
    public void An_optional_service_is_waited_for_where_it_can_come_up_and_is_no_error_in_the_end()
    {
        _vm.Services.Install(Telemetry, ServiceStatus.StartPending);
        var outcome = Wait(plan => plan with { Timeout = Minute })[2];
        Assert.Equal(Minute, _vm.Clock.Elapsed);
        Assert.Null(outcome.Error);
        Assert.NotNull(outcome.Reason);

        _vm.Services.Set(Telemetry, ServiceStatus.Stopped);
        _vm.Services.SetStartType(Telemetry, ServiceStartType.Disabled);
        Wait();
        Assert.Equal(Minute, _vm.Clock.Elapsed);
    }

    [Fact]
    public void It_waits_for_what_else_is_asked_for()
    {
        _vm.Clock.After(TimeSpan.FromSeconds(12), () => _vm.ImageState = "done");
        Wait(plan => plan with { AlsoUntil = () => _vm.ImageState == "done", AlsoKeys = [SimulatedVm.SetupKey + @"\State"] });
        Assert.Equal(TimeSpan.FromSeconds(12), _vm.Clock.Elapsed);
    }

    [Fact]
    public void A_stopped_pipeline_ends_it_at_once()
    {
        _vm.Services.Set(Agent, ServiceStatus.StartPending);
        using var cancel = new CancellationTokenSource();
        _vm.Clock.After(TimeSpan.FromSeconds(3), cancel.Cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => Wait(token: cancel.Token));
        Assert.Equal(TimeSpan.FromSeconds(3), _vm.Clock.Elapsed);
    }

    [Fact]
    public void Of_very_many_changes_the_first_and_the_last_are_kept()
    {
        for (var n = 1; n <= 500; n++)
        {
            var status = n % 2 == 0 ? ServiceStatus.Stopped : ServiceStatus.StartPending;
            _vm.Clock.After(TimeSpan.FromSeconds(n), () => _vm.Services.Set(Agent, status));
        }
        _vm.Services.Set(Agent, ServiceStatus.Stopped);
        var changes = Wait()[0].Changes;
        Assert.InRange(changes.Count, 50, 100);
        Assert.Equal(TimeSpan.Zero, changes[0].At);
        Assert.Equal(TimeSpan.FromSeconds(500), changes[^1].At);
    }

    private sealed class LateAnswer(SimulatedMachine machine, Task<int> answer) : IServiceMachine
    {
        public IClock Clock => machine.Clock;

        public ServiceState? FindService(string name) => machine.FindService(name);

        public Task<int> StartService(string name) => answer;

        public IChangeWatch Watch(Watched what) => machine.Watch(what);
    }

    private IReadOnlyList<WaitOutcome> Wait(Func<ServiceWaitPlan, ServiceWaitPlan>? change = null, CancellationToken? token = null)
    {
        var plan = new ServiceWaitPlan { Required = [Agent, GuestAgent], Optional = [Telemetry], Timeout = TimeSpan.FromMinutes(15), Note = _notes.Add };
        return new ServiceWait(new SimulatedMachine(_vm), change?.Invoke(plan) ?? plan).Run(token ?? TestContext.Current.CancellationToken);
    }
}
