using System.Diagnostics;

namespace AibDeprovision.Rehearsal.Linux.Time;

/// <summary>What a look at a sandbox's processes came to.</summary>
internal enum TimeStep
{
    /// <summary>Something works; look again soon.</summary>
    Busy,

    /// <summary>Nothing worked any more, so time has passed and something goes on.</summary>
    Advanced,

    /// <summary>It waits beyond the limit, or for what can never come.</summary>
    Hung,

    /// <summary>The machine goes down.</summary>
    SessionLost,
}

/// <summary>
/// Passes the time of a sandbox's machine. While any process works, no time passes. When all of them wait, what happens
/// next is that the first of the sleeping ones wakes up: the clock is set to that moment, and it is woken. So an hour's
/// sleep takes no time, and what runs at the same time still happens in the right order.
/// <para>
/// The machine's sleep and timeout are stubs that wait for a signal. When they want it is read from their command lines;
/// since when they wait is the present time, because it has not changed since they came.
/// </para>
/// </summary>
/// <param name="processes">The sandbox's processes.</param>
/// <param name="clock">The machine's clock.</param>
/// <param name="limit">How far the clock may go.</param>
/// <param name="stallLimit">How long, really, everything may wait with nothing asleep.</param>
/// <param name="wake">Wakes the process of that number inside.</param>
internal sealed class TimeKeeper(ProcessTable processes, VirtualClock clock, TimeSpan limit, TimeSpan stallLimit, Action<int> wake)
{
    /// <summary>Who waits for a time, in the order in which they were first seen.</summary>
    private readonly List<Waiter> waiters = [];

    /// <summary>How often each process had been switched when its command line was read: while that stays, so does the line.</summary>
    private readonly Dictionary<int, long> inspected = [];

    private const int MostAsked = 1000;
    private readonly List<string> asked = [];
    private readonly Stopwatch stalled = new();
    private SandboxProcess? woken;

    /// <summary>The arguments with which waagent was seen to run.</summary>
    public IReadOnlyList<string> Asked => asked;

    /// <summary>What a hung machine waits for.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Looks once, and passes time if nothing works.</summary>
    public TimeStep Step()
    {
        if (processes.ReadIfAllWait() is not { } present)
        {
            stalled.Reset();
            return TimeStep.Busy;
        }
        // Who was woken and has not moved was not reached: who passes it on has been killed, and with it all else.
        if ((woken is not null && present.Contains(woken)) || Update(present))
        {
            return TimeStep.SessionLost;
        }
        if (waiters.Where(waiter => waiter.Due is not null).OrderBy(waiter => waiter.Due).FirstOrDefault() is not { Due: { } due } next)
        {
            return WaitForNothing();
        }
        if (due > limit)
        {
            Reason = Describe(next.Process, present);
            clock.AdvanceTo(limit);
            return TimeStep.Hung;
        }
        clock.AdvanceTo(due);
        next.SetNext(due);
        woken = present.Single(process => process.HostId == next.Process.HostId);
        wake(woken.Id);
        return TimeStep.Advanced;
    }

    /// <summary>Forgets who is gone and adds who is new; true when one of them takes the machine down.</summary>
    private bool Update(IReadOnlyList<SandboxProcess> present)
    {
        waiters.RemoveAll(waiter => present.All(process => process.HostId != waiter.Process.HostId));
        foreach (var process in present)
        {
            if (inspected.TryGetValue(process.HostId, out var switches) && switches == process.Switches)
            {
                continue;
            }
            inspected[process.HostId] = process.Switches;
            var words = processes.CommandLine(process);
            if (words.Length > 1 && Path.GetFileName(words[1]) == "waagent" && asked.Count < MostAsked)
            {
                asked.Add(string.Join(" ", words.Skip(2)));
            }
            if (words.Length > 1 && Path.GetFileName(words[1]) == "session-lost")
            {
                return true;
            }
            var times = StubTimes.Read(words);
            if (waiters.Find(waiter => waiter.Process.HostId == process.HostId) is { } known)
            {
                // One that has become another program waits no more; a stub stays one to its end.
                _ = times is not null || waiters.Remove(known);
            }
            else if (times is not null)
            {
                waiters.Add(new(process, times, clock.Elapsed));
            }
        }
        return false;
    }

    private TimeStep WaitForNothing()
    {
        stalled.Start();
        if (stalled.Elapsed < stallLimit)
        {
            return TimeStep.Busy;
        }
        Reason = "Everything on the machine waits, and nothing is left that could end it.";
        clock.AdvanceTo(limit);
        return TimeStep.Hung;
    }

    private string Describe(SandboxProcess sleeper, IReadOnlyList<SandboxProcess> present)
    {
        var caller = present.FirstOrDefault(process => process.HostId == sleeper.ParentHostId);
        var words = caller is null ? [] : processes.CommandLine(caller);
        // A script that becomes the sleep itself has only the sandbox's own script above it.
        var by = words.Length < 2 || Path.GetFileName(words[1]) == "setup.sh" ? "" : $" of '{Shorten(words)}'";
        return $"It waits in '{Shorten(processes.CommandLine(sleeper))}'{by}.";
    }

    /// <summary>As it would have been typed, without the interpreter and the folder.</summary>
    private static string Shorten(string[] words)
    {
        var typed = words.Skip(words.Length > 1 && words[0].EndsWith("sh", StringComparison.Ordinal) ? 1 : 0).ToList();
        var text = typed.Count == 0 ? "?" : string.Join(" ", typed.Skip(1).Prepend(Path.GetFileName(typed[0])));
        return text.Length > 100 ? text.Substring(0, 100) + "..." : text;
    }

    /// <summary>A process that waits for one time or for several, one after the other.</summary>
    private sealed class Waiter
    {
        private readonly Queue<TimeSpan> times;

        public Waiter(SandboxProcess process, IEnumerable<TimeSpan> times, TimeSpan now)
        {
            Process = process;
            this.times = new(times);
            SetNext(now);
        }

        public SandboxProcess Process { get; }

        /// <summary>When it wants to be woken: MaxValue for never, null when it wants nothing any more.</summary>
        public TimeSpan? Due { get; private set; }

        public void SetNext(TimeSpan now) =>
            Due = times.Count == 0 ? null : times.Dequeue() is var time && time < TimeSpan.MaxValue - now ? now + time : TimeSpan.MaxValue;
    }
}
