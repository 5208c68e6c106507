using System.Globalization;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>What can be known before Sysprep runs.</summary>
internal static class WindowsReadiness
{
    private const string VersionKey = @"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";

    /// <summary>Looks at the machine and changes nothing.</summary>
    /// <exception cref="AibException">Something of it cannot be read.</exception>
    public static IEnumerable<Finding> Check(IWindowsMachine machine)
    {
        var holds = new List<Rule>();
        foreach (var check in WindowsChecks.All.Where(check => !check.Unless.Any(holds.Contains)))
        {
            if (check.Ask(machine) is { } finding)
            {
                holds.Add(check.Rule);
                yield return finding;
            }
        }
        foreach (var provider in SysprepProviders.Of(machine).Where(p => p.Breaks))
        {
            yield return WindowsRules.ProviderMissing.Finding(("provider", provider.Leaf), ("part", provider.Part), ("path", provider.Path));
        }
        if (machine.IsSystem && (Build(machine.Registry) is not { } build || build >= WindowsChecks.FirstBuildWithoutSystem))
        {
            yield return WindowsRules.RunningAsSystem.Finding();
        }
    }

    /// <summary>Whether a finding stops a deprovision.</summary>
    /// <param name="finding">One of <see cref="Check"/>.</param>
    /// <param name="strict">Whether what is likely stops it as well, where a check may.</param>
    public static bool Refuses(Finding finding, bool strict) =>
        finding.Severity == Severity.Error || WindowsChecks.All.Any(check => check.Rule.Id == finding.RuleId && check.Refuses(strict));

    /// <summary>Whether a finding may be why Sysprep fails.</summary>
    /// <param name="finding">One of <see cref="Check"/>.</param>
    public static bool IsSuspicion(Finding finding) => WindowsChecks.All.Any(check => check.Rule.Id == finding.RuleId);

    /// <summary>The machine's Windows in words; null where the registry does not say.</summary>
    public static string? DescribeWindows(IRegistry registry) =>
        registry.Value(VersionKey, "ProductName") is string name ? $"{name}, build {registry.Value(VersionKey, "CurrentBuildNumber")}" : null;

    private static int? Build(IRegistry registry) => int.TryParse(registry.Value(VersionKey, "CurrentBuildNumber") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var build) ? build : null;
}
