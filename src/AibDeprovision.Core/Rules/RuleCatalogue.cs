using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Scripts;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Rules;

/// <summary>All rules that there are.</summary>
internal static class RuleCatalogue
{
    /// <summary>In the order of their names, each once.</summary>
    public static IReadOnlyList<Rule> All { get; } =
        [.. WindowsRules.All.Concat(LinuxReadinessRules.All).Concat(LinuxResidue.Rules.Select(part => part.Rule)).Concat(WindowsScriptRules.All).Concat(LinuxScriptRules.All).Distinct().OrderBy(rule => rule.Id, StringComparer.Ordinal)];
}
