namespace AibDeprovision.Rehearsal.Worker;

/// <summary>How far a worker may go, and the scenarios of one script together.</summary>
internal sealed record WorkerLimits
{
    /// <summary>.NET's heap in a worker, in bytes. Not in Windows PowerShell, whose runtime has no such limit.</summary>
    public const long Heap = 512L << 20;

    /// <summary>The memory of its own that a worker may take, in bytes: what RLIMIT_DATA and a job object hold it to.</summary>
    public const long Data = 1536L << 20;

    /// <summary>The most that a line may have, in bytes.</summary>
    public const int LongestLine = 8 << 20;

    /// <summary>How long a worker that was started ahead waits for a script.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    /// <summary>The memory at which the watch ends a worker and all that it has started, in bytes.</summary>
    public long Memory { get; init; } = 1L << 30;

    /// <summary>The longest that a worker may take to come up.</summary>
    public TimeSpan StartUp { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest for one scenario. The worker ends it earlier by itself, while it still can.</summary>
    public TimeSpan Scenario { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What all scenarios of a script have together, however few they are.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What comes to that for each of them.</summary>
    public TimeSpan EachScenario { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After so many scenarios under which the script went past a limit, it is not run any more.</summary>
    public int Excesses { get; init; } = 3;

    /// <summary>The longest for that many scenarios.</summary>
    public TimeSpan Total(int scenarios) => Start + TimeSpan.FromTicks(EachScenario.Ticks * scenarios);
}
