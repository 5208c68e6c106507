using AibDeprovision.Machine;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>
/// Virtual time: it passes only when somebody waits, and on the way everything that was due happens, in order.
/// </summary>
internal sealed class SimulatedClock : IClock
{
    private readonly List<Due> _queue = [];
    private TimeSpan _offset;

    /// <inheritdoc/>
    public TimeSpan Elapsed { get; private set; }

    /// <inheritdoc/>
    public DateTime UtcNow => new DateTime(2026, 1, 15, 9, 0, 0, DateTimeKind.Utc) + Elapsed + _offset;

    /// <summary>Whether nothing more will happen by itself.</summary>
    public bool IsQuiet => _queue.Count == 0;

    /// <summary>How long until something happens by itself; null when nothing will.</summary>
    public TimeSpan? UntilNext => IsQuiet ? null : _queue[0].At > Elapsed ? _queue[0].At - Elapsed : TimeSpan.Zero;

    /// <inheritdoc/>
    public void Delay(TimeSpan time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Advance(time);
    }

    /// <summary>Lets something happen after a while.</summary>
    public void After(TimeSpan delay, Action action)
    {
        var due = new Due(Elapsed + delay, action);
        var at = _queue.FindIndex(other => due.At < other.At);
        _queue.Insert(at < 0 ? _queue.Count : at, due);
    }

    /// <summary>Lets time pass. What happens on the way may let more happen on the way.</summary>
    public void Advance(TimeSpan time)
    {
        var until = Elapsed + time;
        while (_queue.Count > 0 && _queue[0].At <= until)
        {
            var due = _queue[0];
            _queue.RemoveAt(0);
            Elapsed = due.At > Elapsed ? due.At : Elapsed;
            due.Action();
        }
        Elapsed = until > Elapsed ? until : Elapsed;
    }

    /// <summary>Sets the clock on the wall ahead or, with a negative time, back.</summary>
    public void JumpBy(TimeSpan time) => _offset += time;

    private sealed record Due(TimeSpan At, Action Action);
}
