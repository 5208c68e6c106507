using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Repairing;

/// <summary>What of a Linux machine can be mended without harm before waagent runs. Each repair changes the lines that the checks find.</summary>
internal static class LinuxRepairs
{
    private const string OwnModuleSettings = "/etc/modprobe.d/";

    private static readonly Dictionary<Rule, Func<ILinuxSystem, IReadOnlyList<Finding>, IEnumerable<RepairStep>>> Steps = new()
    {
        [LinuxReadinessRules.UdfDisabled] = DropUdf,
        [LinuxReadinessRules.UdfBlacklisted] = DropUdf,
        [LinuxReadinessRules.ProvisioningAgentAbsent] = ChooseAgent,
        [LinuxReadinessRules.ProvisioningAgentConflict] = ChooseAgent,
        [LinuxReadinessRules.ProvisioningOff] = ChooseAgent,
    };

    /// <summary>The rules of which something can be mended.</summary>
    public static IEnumerable<Rule> Rules => Steps.Keys;

    /// <summary>What would mend the findings of a rule; null where it is nothing that is safe to mend.</summary>
    public static IReadOnlyList<RepairStep>? For(ILinuxSystem machine, Rule rule, IReadOnlyList<Finding> findings) =>
        Steps.TryGetValue(rule, out var steps) ? [.. steps(machine, findings)] : null;

    // What packages bring is theirs: a file of the same name in /etc would have to stand before it.
    private static IEnumerable<RepairStep> DropUdf(ILinuxSystem machine, IReadOnlyList<Finding> findings) =>
        LinesFound(machine, findings, file => file.StartsWith(OwnModuleSettings, StringComparison.Ordinal), "Drop the line about the module udf", _ => null);

    private static IEnumerable<RepairStep> ChooseAgent(ILinuxSystem machine, IReadOnlyList<Finding> findings) =>
        LinesFound(machine, findings, _ => true, "Set Provisioning.Agent=auto", _ => "Provisioning.Agent=auto");

    private static IEnumerable<RepairStep> LinesFound(ILinuxSystem machine, IReadOnlyList<Finding> findings, Func<string, bool> isOurs, string action, Func<string, string?> edit)
    {
        foreach (var rule in findings.Select(finding => finding.RuleId).Distinct(StringComparer.Ordinal))
        {
            var probe = LinuxChecks.All.First(check => check.Rule.Id == rule).Probes[0];
            var tree = new LinuxTree(machine.Files);
            foreach (var file in probe.Places.SelectMany(tree.Find).Where(file => isOurs(file) && tree.LinesOf(file).Any(line => IsFound(probe, line.Text))))
            {
                yield return new RepairStep(file, action, () => machine.EditLines(file, line => IsFound(probe, line) ? edit(line) : line));
            }
        }
    }

    private static bool IsFound(LinuxProbe probe, string line) => Regex.IsMatch(line.TrimEnd('\r'), probe.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
