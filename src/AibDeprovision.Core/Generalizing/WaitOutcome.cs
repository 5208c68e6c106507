using AibDeprovision.Errors;

namespace AibDeprovision.Generalizing;

/// <summary>How a wait for one thing has ended.</summary>
public sealed record WaitOutcome
{
    /// <summary>What was waited for: a service's name, or ImageState.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it came to the state that was waited for.</summary>
    public bool IsReached { get; init; }

    /// <summary>The last state that was seen.</summary>
    public string State { get; init; } = "";

    /// <summary>The time waited.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>The states that were seen, the first one included, each with the time at which it was.</summary>
    public IReadOnlyList<StateChange> Changes { get; init; } = [];

    /// <summary>Why the state was not reached, as a sentence; null when it was.</summary>
    public string? Reason { get; init; }

    /// <summary>Which error it is that the state was not reached; null when it was, or need not be.</summary>
    internal ErrorId? Error { get; init; }
}

/// <summary>A state that was seen.</summary>
/// <param name="At">When, from the beginning of the wait.</param>
/// <param name="State">Which.</param>
public sealed record StateChange(TimeSpan At, string State)
{
    /// <summary>The change as text: 'Running after 12.3 s'.</summary>
    public override string ToString() => FormattableString.Invariant($"{State} after {At.TotalSeconds:0.0} s");
}
