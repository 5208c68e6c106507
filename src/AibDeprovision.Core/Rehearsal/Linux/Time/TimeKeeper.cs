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
/// The machine's sleep, and the alarm behind its timeout, are stubs that wait for a signal. How long they want to sleep
/// is read from their command lines; since when they do is the present time, because it has not changed since they came.
/// </para>
/// </summary>
/// <param name="processes">The sandbox's processes.</param>
/// <param name="clock">The machine's clock.</param>
/// <param name="limit">How far the clock may go.</param>
/// <param name="stallLimit">How long, really, everything may wait with nothing asleep.</param>
/// <param name="wake">Wakes the process of that number inside.</param>
internal sealed class TimeKeeper(ProcessTable processes, VirtualClock clock, TimeSpan limit, TimeSpan stallLimit, Action<int> wake)
{
    /// <summary>When each sleeping process wakes up, in the order in which they were first seen; MaxValue for never.</summary>
    private readonly List<(SandboxProcess Process, TimeSpan Due)> sleepers = [];

    /// <summary>How often each process had been switched when its command line was read: while that stays, so does the line.</summary>
    private readonly Dictionary<int, long> inspected = [];

    private readonly Stopwatch stalled = new();

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
        if (Update(present))
        {
            return TimeStep.SessionLost;
        }
        if (sleepers.Count == 0)
        {
            return WaitForNothing();
        }
        var (sleeper, due) = sleepers.Aggregate((a, b) => b.Due < a.Due ? b : a);
        if (due > limit)
        {
            Reason = Describe(sleeper, present);
            clock.AdvanceTo(limit);
            return TimeStep.Hung;
        }
        clock.AdvanceTo(due);
        sleepers.RemoveAll(entry => entry.Process.HostId == sleeper.HostId);
        wake(sleeper.Id);
        return TimeStep.Advanced;
    }

    /// <summary>Forgets who is gone and adds who is new; true when one of them takes the machine down.</summary>
    private bool Update(IReadOnlyList<SandboxProcess> present)
    {
        sleepers.RemoveAll(entry => present.All(process => process.HostId != entry.Process.HostId));
        foreach (var process in present)
        {
            if (inspected.TryGetValue(process.HostId, out var switches) && switches == process.Switches)
            {
                continue;
            }
            inspected[process.HostId] = process.Switches;
            var words = processes.CommandLine(process);
            var stub = words.Length > 1 ? Path.GetFileName(words[1]) : "";
            if (stub == "session-lost")
            {
                return true;
            }
            var asleep = sleepers.Exists(entry => entry.Process.HostId == process.HostId);
            if (!asleep && (stub is "sleep" or "alarm"))
            {
                var time = SleepTime.Parse(stub == "sleep" ? words.Skip(2) : words.Skip(2).Take(1));
                sleepers.Add((process, time < TimeSpan.MaxValue - clock.Elapsed ? clock.Elapsed + time : TimeSpan.MaxValue));
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
        var by = caller is null ? "" : $" of '{Shorten(processes.CommandLine(caller))}'";
        return $"It waits in '{Shorten(processes.CommandLine(sleeper))}'{by}.";
    }

    /// <summary>As it would have been typed, without the interpreter and the folder.</summary>
    private static string Shorten(string[] words)
    {
        var typed = words.Skip(words.Length > 1 && words[0].EndsWith("sh", StringComparison.Ordinal) ? 1 : 0).ToList();
        var text = typed.Count == 0 ? "?" : string.Join(" ", typed.Skip(1).Prepend(Path.GetFileName(typed[0])));
        return text.Length > 100 ? text.Substring(0, 100) + "..." : text;
    }
}
