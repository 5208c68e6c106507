using AibDeprovision.Rules;

namespace AibDeprovision.Scripting;

/// <summary>
/// Comments by which the author of a script says that a finding is meant: '# AibDeprovision: ignore EndlessSealWait - the pipeline
/// has a limit', on the line itself or on one of its own before it. Without a reason, and with the name of a rule that there is not, it suppresses nothing.
/// </summary>
internal sealed class Suppressions
{
    private const string Begin = "# AibDeprovision: ignore ";

    private readonly HashSet<(int Line, string Rule)> _ignored = [];

    /// <param name="text">The script.</param>
    public Suppressions(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var at = line.IndexOf(Begin, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || line.Substring(at + Begin.Length).Split(['-', ':'], 2) is not [var rule, var reason] || string.IsNullOrWhiteSpace(reason))
            {
                continue;
            }
            var isAlone = string.IsNullOrWhiteSpace(line.Substring(0, at));
            _ignored.Add((isAlone ? number + 1 : number, rule.Trim().ToUpperInvariant()));
        }
    }

    /// <summary>Whether a finding of a rule on a line is meant.</summary>
    public bool Covers(string rule, int line) => _ignored.Contains((line, rule.ToUpperInvariant()));

    /// <summary>The findings that nobody has said are meant.</summary>
    public IEnumerable<Finding> Apply(IEnumerable<Finding> findings) => findings.Where(f => !Covers(f.RuleId, f.Line ?? 0));
}
