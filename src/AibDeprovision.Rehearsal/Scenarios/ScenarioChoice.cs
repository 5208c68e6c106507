using System.Management.Automation;
using AibDeprovision.Errors;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>The scenarios that somebody has asked for by name.</summary>
internal static class ScenarioChoice
{
    /// <summary>Those whose name one of the patterns matches, none twice.</summary>
    /// <exception cref="AibException">A pattern matches none.</exception>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> scenarios, Func<T, string> nameOf, IEnumerable<string> patterns)
    {
        var chosen = new List<T>();
        foreach (var pattern in patterns)
        {
            var matching = scenarios.Where(s => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(nameOf(s))).ToList();
            if (matching.Count == 0)
            {
                throw new AibException(ErrorId.UnknownScenario, $"There is no scenario '{pattern}' for this script's platform.", "Press Tab or Ctrl+Space after -Scenario for the names.", pattern);
            }
            chosen.AddRange(matching.Where(s => !chosen.Contains(s)));
        }
        return chosen;
    }
}
