using System.Management.Automation;
using AibDeprovision.Errors;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>The scenarios that somebody has asked for by name, for scripts of either platform.</summary>
internal sealed class ScenarioChoice(IReadOnlyList<string> patterns)
{
    private const string Advice = "Press Tab or Ctrl+Space after -Scenario for the names.";

    private readonly HashSet<string> _idle = new(patterns, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of a platform whose name one of the patterns matches, none twice. A name that only the other platform has chooses none.</summary>
    /// <exception cref="AibException">A pattern matches none of either platform.</exception>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> scenarios, Func<T, string> nameOf)
    {
        var chosen = new List<T>();
        foreach (var pattern in patterns)
        {
            var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
            var matching = scenarios.Where(s => wildcard.IsMatch(nameOf(s))).ToList();
            if (matching.Count > 0)
            {
                _idle.Remove(pattern);
            }
            else if (!WindowsScenarios.All.Select(s => s.Name).Concat(LinuxScenarios.All.Select(s => s.Name)).Any(wildcard.IsMatch))
            {
                _idle.Remove(pattern);
                throw new AibException(ErrorId.UnknownScenario, $"There is no scenario '{pattern}'.", Advice, pattern);
            }
            chosen.AddRange(matching.Where(s => !chosen.Contains(s)));
        }
        return chosen;
    }

    /// <summary>An error for each pattern that has chosen nothing, once all scripts have been seen: without it, a check that was asked for has not been made.</summary>
    public IEnumerable<AibException> Idle => _idle.Select(pattern =>
        new AibException(ErrorId.UnknownScenario, $"There is no scenario '{pattern}' for the platform of these scripts.", Advice, pattern));
}
