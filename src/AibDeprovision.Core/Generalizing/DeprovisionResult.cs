using AibDeprovision.Plans;
using AibDeprovision.Rules;

namespace AibDeprovision.Generalizing;

/// <summary>How generalizing a machine has ended.</summary>
public sealed record DeprovisionResult
{
    /// <summary>The verdict; as a number it is the exit code of the scripts that New-AibDeprovisionScript writes.</summary>
    public DeprovisionExitCode Verdict { get; init; }

    /// <summary>The verdict as a number, for exit.</summary>
    public int ExitCode => (int)Verdict;

    /// <summary>Why, as a sentence.</summary>
    public string Cause { get; init; } = "";

    /// <summary>The time it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What is in the way of it, was found in Sysprep's logs afterwards, or is left of the build on Linux by the rules of Test-AibGeneralization; empty when all went well.</summary>
    public IReadOnlyList<Finding> Findings { get; init => field = new ShownList<Finding>(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Verdict} (exit code {ExitCode}): {Cause}";
}
