using AibDeprovision.Rules;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>What a script did under one scenario.</summary>
public sealed record RehearsalResult
{
    /// <summary>Which script: its path, or what it is.</summary>
    public string Script { get; init; } = "";

    /// <summary>The scenario's name.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>How it ended.</summary>
    public RehearsalOutcome Outcome { get; init; }

    /// <summary>How long it would have taken.</summary>
    public TimeSpan VirtualTime { get; init; }

    /// <summary>What it exited with; null where it did not get to exit.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What customization.log would hold of it. Of a very long output the middle is left out.</summary>
    public IReadOnlyList<string> Output { get; init => field = new ShownList<string>(value); } = [];

    /// <summary>What the script itself named as the cause of its failure; null where it did not fail or named none.</summary>
    public string? Cause { get; init; }

    /// <summary>What the rehearsal has to say about the outcome; null when there is nothing to add.</summary>
    public string? Detail { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Scenario}: {Outcome}";
}
