using System.Globalization;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>The results of a script in one line: how many of each outcome, and how soon the failures come.</summary>
internal sealed class RehearsalSummary
{
    private readonly Dictionary<RehearsalOutcome, int> _counts = [];
    private TimeSpan _failing;

    /// <summary>How many results it has.</summary>
    public int Count { get; private set; }

    /// <summary>The line.</summary>
    public string Text
    {
        get
        {
            var failed = Of(RehearsalOutcome.Failed);
            var parts = new List<string>
            {
                $"{Of(RehearsalOutcome.Sealed)} sealed",
                failed == 0 ? "0 failed" : string.Format(CultureInfo.InvariantCulture, "{0} failed in {1:0.0} minutes on average", failed, _failing.TotalMinutes / failed),
                $"{Of(RehearsalOutcome.Hung)} hung",
            };
            parts.AddRange(new[] { (RehearsalOutcome.SessionLost, "lost the session"), (RehearsalOutcome.FalseSuccess, "false success"), (RehearsalOutcome.NotRehearsable, "not rehearsable") }
                .Where(other => Of(other.Item1) > 0).Select(other => $"{Of(other.Item1)} {other.Item2}"));
            return $"{Count} scenarios: {string.Join(", ", parts)}";
        }
    }

    /// <summary>Counts a result.</summary>
    public void Add(RehearsalResult result)
    {
        Count++;
        _counts[result.Outcome] = Of(result.Outcome) + 1;
        _failing += result.Outcome == RehearsalOutcome.Failed ? result.VirtualTime : TimeSpan.Zero;
    }

    private int Of(RehearsalOutcome outcome) => _counts.TryGetValue(outcome, out var count) ? count : 0;
}
