using AibDeprovision.Machine;

namespace AibDeprovision.Generalizing;

/// <summary>What a wait for the guest agent's services is to do.</summary>
internal sealed record ServiceWaitPlan
{
    /// <summary>Services that have to run.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Services that are waited for only where they are installed and can run.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>The longest wait.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>How long a required service may be missing before that is an error.</summary>
    public TimeSpan AppearTimeout { get; init; }

    /// <summary>How long a service may be stopped before it is asked, once, to start; null for never.</summary>
    public TimeSpan? StartAfter { get; init; }

    /// <summary>What else has to hold before the wait is over; null for nothing.</summary>
    public Func<bool>? AlsoUntil { get; init; }

    /// <summary>Keys of the registry on which <see cref="AlsoUntil"/> depends.</summary>
    public IReadOnlyList<string> AlsoKeys { get; init; } = [];

    /// <summary>Files on which <see cref="AlsoUntil"/> depends.</summary>
    public IReadOnlyList<string> AlsoFiles { get; init; } = [];

    /// <summary>Gets each change of state, as a sentence.</summary>
    public Action<string>? Note { get; init; }
}

/// <summary>
/// Waits until all of the services run at the same moment. A service that cannot come up any more ends the wait at once.
/// </summary>
internal sealed class ServiceWait(IServiceMachine machine, ServiceWaitPlan plan)
{
    /// <summary>Beside the notifications, for what they miss: a service whose process was killed, one that was replaced.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(10);

    /// <summary>A service that is being installed has a key in the registry a moment before the service manager knows it.</summary>
    private static readonly TimeSpan PollWhileMissing = TimeSpan.FromSeconds(1);

    private readonly List<WaitedService> _services =
    [
        .. plan.Required.Select(name => new WaitedService(name, true, machine)),
        .. plan.Optional.Where(name => !plan.Required.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(name => new WaitedService(name, false, machine)),
    ];

    /// <summary>Waits. The outcomes come in the order of the plan, the required services first.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<WaitOutcome> Run(CancellationToken cancel)
    {
        var since = machine.Clock.Elapsed;
        using var watch = machine.Watch(new Watched { Services = [.. _services.Select(s => s.Name)], Keys = plan.AlsoKeys, Files = plan.AlsoFiles });
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var waited = machine.Clock.Elapsed - since;
            foreach (var service in _services)
            {
                service.Update(waited, plan);
            }
            var alsoHolds = plan.AlsoUntil?.Invoke() != false;
            var isOver = _services.Exists(s => s.HasFailed) || (alsoHolds && _services.TrueForAll(s => s.IsSettled));
            if (isOver || waited >= plan.Timeout)
            {
                return [.. _services.Select(s => s.Outcome(isOver))];
            }
            watch.Wait(NextLook(waited), cancel);
        }
    }

    // Never past a moment at which something of the plan falls due.
    private TimeSpan NextLook(TimeSpan waited)
    {
        var due = new[] { plan.Timeout, plan.AppearTimeout }.Concat(_services.Select(s => s.StartsAt)).Where(at => at > waited).Select(at => at - waited).Append(_services.Exists(s => s.IsAwaited) ? PollWhileMissing : SlowPoll);
        return due.Min();
    }
}
