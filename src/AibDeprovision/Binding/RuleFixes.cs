using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Scripting.Editing;

namespace AibDeprovision.Binding;

/// <summary>The rules that -Fix names, each once.</summary>
internal static class RuleFixes
{
    /// <summary>The rules that names and patterns stand for.</summary>
    /// <exception cref="AibException">A plain name is that of no rule with a fix.</exception>
    public static IReadOnlyList<RuleFix> Of(IEnumerable<string> names)
    {
        var fixable = RuleCatalogue.All.Where(rule => rule.Fix is not null).ToList();
        return [.. names.SelectMany(name => RuleFilter.Matching(name, fixable, "Get-AibRule -Kind Script | Where-Object Fix lists the rules that offer a fix.").Select(rule => new RuleFix(rule, !WildcardPattern.ContainsWildcardCharacters(name))))
            .GroupBy(fix => fix.Rule).Select(same => same.OrderByDescending(fix => fix.IsNamed).First())];
    }

    /// <summary>The change with the rules of one system.</summary>
    /// <exception cref="AibException">One for the other was asked for by its name.</exception>
    public static ScriptChange For(ScriptChange change, DeprovisionPlatform platform) =>
        change.Fixes.FirstOrDefault(fix => fix.IsNamed && fix.Rule.Platform != platform) is { Rule: var rule }
            ? throw new AibException(ErrorId.OptionNotForPlatform, $"-Fix {rule.Id} is for {rule.Platform}, and this script is for {platform}.", "Leave it out for this script; a pattern takes what fits.", rule.Id)
            : change with { Fixes = [.. change.Fixes.Where(fix => fix.Rule.Platform == platform)] };
}
