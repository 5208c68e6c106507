using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Rules;

namespace AibDeprovision.Binding;

/// <summary>Names of rules, with wildcards, as somebody gives them.</summary>
internal static class RuleFilter
{
    /// <summary>The rules that a name stands for, out of some.</summary>
    /// <exception cref="AibException">It is the plain name of none (<see cref="ErrorId.UnknownRule"/>).</exception>
    public static IReadOnlyList<Rule> Matching(string name, IEnumerable<Rule> rules, string advice)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        List<Rule> found = [.. rules.Where(rule => pattern.IsMatch(rule.Id))];
        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name) ? found
            : throw new AibException(ErrorId.UnknownRule, $"There is no rule '{PrintableText.Short(name)}'.", advice, name);
    }

    /// <summary>Whether a rule is wanted, by what is included and what is excluded.</summary>
    /// <exception cref="AibException">A plain name is that of no rule.</exception>
    public static Func<Rule, bool> Of(IEnumerable<string> include, IEnumerable<string> exclude, IReadOnlyCollection<Rule> rules)
    {
        const string Advice = "Get-AibRule -Kind Readiness lists the rules.";
        var wanted = new HashSet<Rule>(include.SelectMany(name => Matching(name, rules, Advice)));
        wanted.ExceptWith(exclude.SelectMany(name => Matching(name, rules, Advice)));
        return wanted.Contains;
    }
}
