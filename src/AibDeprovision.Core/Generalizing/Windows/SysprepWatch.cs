using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>How watching Sysprep has ended.</summary>
internal enum SysprepEnd
{
    /// <summary>What was waited for has come.</summary>
    Reached,

    /// <summary>Sysprep does not run any more, or never did: what was waited for cannot come.</summary>
    Ended,

    /// <summary>The time is over.</summary>
    TimedOut,
}

/// <summary>Watches a machine while Sysprep works on it.</summary>
internal sealed class SysprepWatch
{
    /// <summary>How long none of Sysprep's processes may run until it has ended for good: it may hand over from one to another.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Beside the notifications, for what they miss: a process that comes up.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(10);

    private readonly IWindowsMachine _machine;

    public SysprepWatch(IWindowsMachine machine)
    {
        _machine = machine;
        History = new StateHistory(machine.Clock);
    }

    /// <summary>The image states that were seen.</summary>
    public StateHistory History { get; }

    /// <summary>The image state when it was last looked at.</summary>
    public string ImageState { get; private set; } = "";

    /// <summary>Gets each change, as a sentence.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>The program that was started for this run, where it was; it counts as one of Sysprep's processes.</summary>
    public IRunningProgram? Program { get; init; }

    /// <summary>Watches until it is reached, cannot be reached any more, or has taken too long.</summary>
    /// <param name="isReached">Judges by the image state.</param>
    /// <param name="timeout">The longest that it may take.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public SysprepEnd Run(Func<string, bool> isReached, TimeSpan timeout, CancellationToken cancel)
    {
        TimeSpan? endedAt = null;
        using var watch = _machine.Watch(new Watched { Keys = [SysprepFiles.StateKey], Programs = SysprepFiles.Programs });
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (isReached(Look()))
            {
                return SysprepEnd.Reached;
            }
            // Only now, since a list of the processes takes longer than all else. Once nobody runs, the state is final, so it is looked at anew.
            var isRunning = Program is { ExitCode: null } || SysprepFiles.RunningOn(_machine).Count > 0;
            if (!isRunning && isReached(Look()))
            {
                return SysprepEnd.Reached;
            }
            var waited = History.Waited;
            if (isRunning)
            {
                endedAt = null;
            }
            else if (endedAt is null)
            {
                endedAt = waited;
                Note?.Invoke($"Sysprep {(Program is null ? "does not run" : "has ended")}; image state is {ImageState}");
            }
            else if (waited - endedAt >= Patience)
            {
                return SysprepEnd.Ended;
            }
            if (waited >= timeout)
            {
                // A program that was started and has ended is not late, however little of the patience is over.
                return Program is not null && endedAt is not null ? SysprepEnd.Ended : SysprepEnd.TimedOut;
            }
            watch.Wait(NextLook(waited, timeout, endedAt), cancel);
        }
    }

    private string Look()
    {
        ImageState = SysprepStateReader.ImageState(_machine.Registry) ?? "(none)";
        if (History.Note(ImageState))
        {
            Note?.Invoke($"image state is {ImageState}");
        }
        return ImageState;
    }

    private static TimeSpan NextLook(TimeSpan waited, TimeSpan timeout, TimeSpan? endedAt)
    {
        var due = new List<TimeSpan> { SlowPoll, timeout - waited };
        if (endedAt is { } at)
        {
            due.Add(at + Patience - waited);
        }
        return due.Min();
    }
}
