using AibDeprovision.Errors;
using AibDeprovision.Machine;

namespace AibDeprovision.Generalizing;

/// <summary>One of the services that a wait is for.</summary>
internal sealed class WaitedService(string name, bool isRequired, IServiceMachine machine)
{
    public const string Missing = "missing";
    public const string Disabled = "disabled";

    private readonly StateHistory _history = new(machine.Clock);
    private ServiceState? _state;
    private bool _wasAsked;
    private Task<int>? _answer;
    private string _start = "";

    /// <summary>The name that it has where it is installed, else the one that was asked for.</summary>
    public string Name => _state?.Name ?? name;

    /// <summary>It cannot come up any more.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>It runs, or nobody has to wait for it.</summary>
    public bool IsSettled => _state?.Status == ServiceStatus.Running || (!isRequired && (_state is null || _state.IsDisabled));

    /// <summary>It has yet to be installed.</summary>
    public bool IsAwaited => isRequired && _state is null;

    /// <summary>When it will be asked to start, from the beginning of the wait.</summary>
    public TimeSpan StartsAt { get; private set; }

    /// <summary>Takes in its state, and does what the plan wants done.</summary>
    public void Update(TimeSpan waited, ServiceWaitPlan plan)
    {
        if (HasChanged(plan))
        {
            StartsAt = _state?.Status == ServiceStatus.Stopped && plan.StartAfter is { } after ? waited + after : TimeSpan.Zero;
        }
        if (_state?.Status == ServiceStatus.Stopped && !_state.IsDisabled && plan.StartAfter is not null && !_wasAsked && waited >= StartsAt)
        {
            (_wasAsked, StartsAt, _start) = (true, TimeSpan.Zero, " It was asked to start.");
            _answer = machine.StartService(name);
            TakeAnswer(plan);
            HasChanged(plan);
        }
        TakeAnswer(plan);
        HasFailed = isRequired && (_state is null ? waited >= plan.AppearTimeout : _state.IsDisabled);
    }

    /// <summary>How the wait for it has ended.</summary>
    /// <param name="isOver">False for a wait that has run into its time limit.</param>
    public WaitOutcome Outcome(bool isOver)
    {
        var runs = _state?.Status == ServiceStatus.Running;
        var (error, reason) = runs ? (default(ErrorId?), default(string))
            : !isRequired ? (null, IsSettled ? $"The optional service {Name} is {_history.Last}." : $"The optional service {Name} is {_history.Last}; states: {_history.Recent()}.{_start}")
            : _state is null ? (ErrorId.ServiceNotInstalled, $"The service {Name} is not installed.")
            : _state.IsDisabled ? (ErrorId.ServiceDisabled, $"The service {Name} is disabled and cannot start.")
            : isOver ? (null, $"The wait for {Name} was given up, since another service cannot come up.")
            : (ErrorId.ServiceNotRunning, $"The service {Name} did not run within {_history.Waited.TotalSeconds:0} s: it is {_history.Last}, start type {_state.StartType}{LastExit()}; states: {_history.Recent()}.{_start}");
        return new WaitOutcome { Name = Name, IsReached = runs, State = _history.Last, Waited = _history.Waited, Changes = _history.Changes, Error = error, Reason = reason };
    }

    private static string Describe(ServiceState? state) => state is null ? Missing : state.IsDisabled ? Disabled : state.Status.ToString();

    private bool HasChanged(ServiceWaitPlan plan)
    {
        _state = machine.FindService(name);
        var hasChanged = _history.Note(Describe(_state));
        if (hasChanged)
        {
            plan.Note?.Invoke($"{Name} is {_history.Last}");
        }
        return hasChanged;
    }

    // It may come long after the service runs, or after the wait has ended.
    private void TakeAnswer(ServiceWaitPlan plan)
    {
        if (_answer is not { IsCompleted: true } answer)
        {
            return;
        }
        _answer = null;
        var error = answer.GetAwaiter().GetResult();
        _start = error is 0 or 1056 ? _start : $" It was asked to start, and the system refused with error {error}.";
        plan.Note?.Invoke(FormattableString.Invariant($"{Name} was stopped for {plan.StartAfter?.TotalSeconds:0} s and has been asked to start{(error is 0 ? "" : $" (error {error})")}"));
    }

    private string LastExit() => _state switch
    {
        { ExitCode: 1066, ServiceExitCode: var code } => $", last exit with its own code {code}",
        { ExitCode: not 0 and not 1077 and var code } => $", last exit with error {code}",
        _ => "",
    };
}
