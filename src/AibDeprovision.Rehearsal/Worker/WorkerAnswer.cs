using System.Runtime.Serialization;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>A line from a worker. Whoever reads it may be reading what a hostile script wrote.</summary>
[DataContract]
internal sealed class WorkerAnswer
{
    /// <summary>It has come up. Nothing of a script has run yet.</summary>
    public const string Ready = "ready";

    /// <summary>It begins with a scenario.</summary>
    public const string Started = "started";

    /// <summary>What the script did under a scenario.</summary>
    public const string Result = "result";

    /// <summary>As <see cref="Result"/>; but a thread is left that does not end, so the process is of no use any more.</summary>
    public const string LastResult = "last";

    private const int MostLines = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    /// <summary>One of the words above.</summary>
    [DataMember(Name = "is")]
    public string Is { get; set; } = "";

    /// <summary>The number of the order.</summary>
    [DataMember(Name = "n")]
    public int Number { get; set; }

    /// <summary>The name of the outcome.</summary>
    [DataMember(Name = "outcome", EmitDefaultValue = false)]
    public string? Outcome { get; set; }

    /// <summary>Ticks of 100 ns.</summary>
    [DataMember(Name = "time", EmitDefaultValue = false)]
    public long VirtualTime { get; set; }

    [DataMember(Name = "exitCode", EmitDefaultValue = false)]
    public int? ExitCode { get; set; }

    [DataMember(Name = "output", EmitDefaultValue = false)]
    public string[]? Output { get; set; }

    [DataMember(Name = "cause", EmitDefaultValue = false)]
    public string? Cause { get; set; }

    [DataMember(Name = "detail", EmitDefaultValue = false)]
    public string? Detail { get; set; }

    /// <summary>A result as a line.</summary>
    public static WorkerAnswer Of(int number, RehearsalResult result, bool isLast) => new()
    {
        Is = isLast ? LastResult : Result,
        Number = number,
        Outcome = result.Outcome.ToString(),
        VirtualTime = result.VirtualTime.Ticks,
        ExitCode = result.ExitCode,
        Output = [.. result.Output],
        Cause = result.Cause,
        Detail = result.Detail,
    };

    /// <summary>The result that this line holds; null where it holds none that a rehearsal can give.</summary>
    public RehearsalResult? ToResult()
    {
        var outcome = Array.Find((RehearsalOutcome[])Enum.GetValues(typeof(RehearsalOutcome)), known => known.ToString() == Outcome);
        var isSound = Is is Result or LastResult
            && outcome.ToString() == Outcome
            && VirtualTime >= 0 && VirtualTime <= Longest.Ticks
            && Output is { Length: <= MostLines } && Array.TrueForAll(Output, line => line is not null);
        return !isSound ? null : new RehearsalResult
        {
            Outcome = outcome,
            VirtualTime = TimeSpan.FromTicks(VirtualTime),
            ExitCode = ExitCode,
            Output = Output!,
            Cause = Cause,
            Detail = Detail,
        };
    }
}
