namespace AibDeprovision.Repairing;

/// <summary>How the repair of a finding has ended.</summary>
public enum RepairOutcome
{
    /// <summary>It was mended.</summary>
    Mended,

    /// <summary>Nothing of it was there to be mended.</summary>
    NotNeeded,

    /// <summary>It was left as it is: it is nothing that is safe to mend, or somebody did not want it mended.</summary>
    Left,

    /// <summary>Mending it has failed.</summary>
    Failed,
}

/// <summary>What a repair did to one thing, or why it left it.</summary>
public sealed record RepairResult
{
    /// <summary>The rule.</summary>
    public string RuleId { get; init; } = "";

    /// <summary>How it has ended.</summary>
    public RepairOutcome Outcome { get; init; }

    /// <summary>What was, or would have been, changed: a file, a value of the registry, a service, a package; null for nothing.</summary>
    public string? Target { get; init; }

    /// <summary>What was done, or why it was not, as a sentence.</summary>
    public string Detail { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Outcome}: {RuleId}: {Detail}";
}
