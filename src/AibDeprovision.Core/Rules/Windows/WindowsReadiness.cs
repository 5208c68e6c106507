using System.Globalization;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>What every deprovision looks at before Sysprep runs.</summary>
internal static class WindowsReadiness
{
    /// <summary>Which Windows it is.</summary>
    public const string VersionKey = @"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";

    /// <summary>Looks at the machine and changes nothing.</summary>
    /// <exception cref="AibException">Something of it cannot be read.</exception>
    public static IEnumerable<Finding> Check(IWindowsMachine machine)
    {
        var holds = new List<Rule>();
        foreach (var check in WindowsChecks.All.Where(check => !check.OnlyForReadiness && !check.Unless.Any(holds.Contains)))
        {
            if (AskIfReadable(check, machine) is { } finding)
            {
                holds.Add(check.Rule);
                yield return finding;
            }
        }
        foreach (var finding in MissingProviders(machine).Concat(SystemAccount(machine)))
        {
            yield return finding;
        }
    }

    // What would only be warned of is no reason to give up where it cannot be read; the scripts take it so as well.
    private static Finding? AskIfReadable(ReadinessCheck check, IWindowsMachine machine)
    {
        try
        {
            return check.Ask(machine);
        }
        catch (AibException) when (check.Rule.Severity != Severity.Error)
        {
            return null;
        }
    }

    /// <summary>Registered providers whose DLL is not there.</summary>
    /// <exception cref="AibException">The registry cannot be read.</exception>
    public static IEnumerable<Finding> MissingProviders(IWindowsImage machine) => SysprepProviders.Of(machine).Where(p => p.Breaks).Select(p => FindingOf(WindowsRules.ProviderMissing, p));

    /// <summary>Registered providers whose DLL has the hidden attribute.</summary>
    /// <exception cref="AibException">The registry cannot be read.</exception>
    public static IEnumerable<Finding> HiddenProviders(IWindowsImage machine) => SysprepProviders.Of(machine).Where(p => p.IsHidden).Select(p => FindingOf(WindowsReadinessRules.ProviderHidden, p));

    /// <summary>Whether the process runs as SYSTEM on a Windows where that matters.</summary>
    /// <exception cref="AibException">The registry cannot be read.</exception>
    public static IEnumerable<Finding> SystemAccount(IWindowsMachine machine) =>
        machine.IsSystem && (Build(machine.Registry) is not { } build || build >= WindowsChecks.FirstBuildWithoutSystem) ? [WindowsRules.RunningAsSystem.Finding()] : [];

    /// <summary>Whether a finding stops a deprovision.</summary>
    /// <param name="finding">One of <see cref="Check"/>.</param>
    /// <param name="strict">Whether what is likely stops it as well, where a check may.</param>
    public static bool Refuses(Finding finding, bool strict) =>
        finding.Severity == Severity.Error || WindowsChecks.All.Any(check => check.Rule.Id == finding.RuleId && check.Refuses(strict));

    /// <summary>Whether a finding may be why Sysprep fails.</summary>
    /// <param name="finding">One of <see cref="Check"/>.</param>
    public static bool IsSuspicion(Finding finding) => WindowsChecks.All.Any(check => check.Rule.Id == finding.RuleId && !check.ForFirstStart);

    /// <summary>The machine's Windows in words; null where the registry does not say.</summary>
    public static string? DescribeWindows(IRegistry registry) =>
        registry.Value(VersionKey, "ProductName") is string name ? $"{name}, build {registry.Value(VersionKey, "CurrentBuildNumber")}" : null;

    private static Finding FindingOf(Rule rule, SysprepProvider provider) => rule.Finding(("provider", PrintableText.Short(provider.Leaf)), ("part", provider.Part), ("path", PrintableText.Short(provider.Path))) with { File = PrintableText.Short(provider.Path) };

    private static int? Build(IRegistry registry) => int.TryParse(registry.Value(VersionKey, "CurrentBuildNumber") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var build) ? build : null;
}
