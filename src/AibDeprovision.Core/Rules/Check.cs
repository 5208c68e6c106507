using AibDeprovision.Errors;

namespace AibDeprovision.Rules;

/// <summary>A rule, and what finds it on a machine.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Ask">Gives its findings; none where it does not hold.</param>
internal sealed record Check<T>(Rule Rule, Func<T, IEnumerable<Finding>> Ask)
{
    /// <summary>Rules that explain it: where one of them holds, it is not looked at.</summary>
    public IReadOnlyList<Rule> Unless { get; init; } = [];
}

/// <summary>Asks checks, one after the other: what one cannot read costs its own answer and no other.</summary>
internal static class Checks
{
    /// <summary>The findings of the rules that are wanted, in the order of the checks.</summary>
    /// <param name="checks">The checks; what one depends on comes before it.</param>
    /// <param name="machine">What is asked.</param>
    /// <param name="isWanted">Which rules.</param>
    /// <param name="failed">The rule by which it is said that something could not be looked at; it has the names what and reason.</param>
    /// <param name="cancel">Ends it.</param>
    public static IEnumerable<Finding> Ask<T>(IReadOnlyList<Check<T>> checks, T machine, Func<Rule, bool> isWanted, Rule failed, CancellationToken cancel)
    {
        var holds = new HashSet<Rule>();
        foreach (var check in checks)
        {
            cancel.ThrowIfCancellationRequested();
            var tells = isWanted(check.Rule);
            // What explains another one is looked at for that one's sake.
            if (check.Unless.Any(holds.Contains) || !(tells || checks.Any(other => other.Unless.Contains(check.Rule) && isWanted(other.Rule))))
            {
                continue;
            }
            foreach (var finding in AskOne(check, machine, failed))
            {
                holds.Add(finding.RuleId == check.Rule.Id ? check.Rule : failed);
                if (tells)
                {
                    yield return finding;
                }
            }
        }
    }

    private static IReadOnlyList<Finding> AskOne<T>(Check<T> check, T machine, Rule failed)
    {
        try
        {
            return [.. check.Ask(machine)];
        }
        catch (AibException e)
        {
            return [failed.Finding(("what", check.Rule.Id), ("reason", PrintableText.Short(e.Message.TrimEnd('.'))))];
        }
    }
}
