using System.Text;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Scripts;

/// <summary>What the hardened Linux script has to know, from the places where this assembly has it: the lines of its block of facts.</summary>
internal static class LinuxFacts
{
    private const int Longest = 150;

    private static readonly (ResidueKinds Kind, string Variable)[] Switches =
    [
        (ResidueKinds.MachineId, "KEEP_MACHINE_ID"), (ResidueKinds.CloudInit, "KEEP_CLOUD_INIT"), (ResidueKinds.Logs, "KEEP_LOGS"), (ResidueKinds.History, "KEEP_HISTORY"),
        (ResidueKinds.TempFiles, "KEEP_TEMP_FILES"), (ResidueKinds.RootSshKeys, "KEEP_ROOT_SSH_KEYS"), (ResidueKinds.Credentials, "KEEP_CREDENTIALS"),
        (ResidueKinds.Subscriptions, "KEEP_SUBSCRIPTIONS"), (ResidueKinds.DomainJoin, "KEEP_DOMAIN_JOIN"), (ResidueKinds.Agents, "KEEP_AGENTS"),
    ];

    /// <summary>The lines, each with its LF.</summary>
    public static string Lines => string.Concat(All().Select(line => line + "\n"));

    /// <summary>The lines of the script that only checks, each with its LF.</summary>
    public static string ReadinessLines => string.Concat(ReadinessFacts().Select(line => line + "\n"));

    private static IEnumerable<string> ReadinessFacts() =>
    [
        PackageManagersLine,
        "# Whether a boot loader tells that there is to be no cloud-init.",
        $"boot_says_no() {{ grep -qs '^[^#]*cloud-init=disabled' {string.Join(" ", FirstBoot.KernelArguments)}; }}",
        "",
        "# Every check: its rule and its words, and the probes that all have to hold.",
        "checks() {",
        .. LinuxChecks.All.SelectMany(CheckLines),
        "}",
    ];

    private static string PackageManagersLine => $"PACKAGE_MANAGERS={ShText.Quote(string.Join(" ", LinuxPackageManagers.Names))}";

    private static IEnumerable<string> CheckLines(LinuxCheck check)
    {
        yield return $"    asks {check.Rule.Id} {check.Rule.Severity} {ShText.Quote($"{check.Rule.Message} {check.Rule.Remedy}")}{string.Concat(check.Unless.Select(rule => " " + rule.Id))} &&";
        foreach (var probe in check.Probes)
        {
            yield return $"        {CallOf(probe)} &&";
        }
        yield return "        holds";
    }

    // The places are this project's own, and a * in them is meant.
    private static string CallOf(LinuxProbe probe)
    {
        var what = probe.Kind == LinuxProbeKind.HasVersionBelow ? ShText.Quote($"{probe.Limit} {probe.Pattern}") : $"{ShText.Quote(probe.Name ?? "")} {ShText.Quote(probe.Pattern.Replace("[ \t]", "[[:blank:]]") + (probe.Kind == LinuxProbeKind.FreeBelow ? probe.Limit : ""))}";
        return string.Join(" ", probe.Places.Prepend(what).Prepend(FunctionOf(probe.Kind))).TrimEnd();
    }

    private static string FunctionOf(LinuxProbeKind kind) => kind switch
    {
        LinuxProbeKind.Exists => "is_there",
        LinuxProbeKind.Missing => "is_missing",
        LinuxProbeKind.NotInPath => "is_not_in_path",
        LinuxProbeKind.HasLine => "has_line",
        LinuxProbeKind.HasNoLine => "has_no_line",
        LinuxProbeKind.HasVersionBelow => "has_version_below",
        LinuxProbeKind.LacksInterpreter => "lacks_interpreter",
        LinuxProbeKind.IsNotXml => "is_not_xml",
        LinuxProbeKind.Fails => "fails",
        LinuxProbeKind.PackageManagerRuns => "package_manager_runs",
        LinuxProbeKind.NotEnabled => "is_not_enabled",
        LinuxProbeKind.CloudInitIsOn => "cloud_init_is_on",
        LinuxProbeKind.CloudInitIsOff => "cloud_init_is_off",
        LinuxProbeKind.FreeBelow => "free_is_below",
        _ => "is_not_root",
    };

    private static IEnumerable<string> All() =>
    [
        FormattableString.Invariant($"FIRST_PERSON={LinuxAccounts.FirstPerson} AFTER_PERSONS={LinuxAccounts.AfterPersons}"),
        $"AGENT_PLACES={ShText.Quote(string.Join(" ", LinuxChecks.AgentPlaces))}",
        PackageManagersLine,
        FormattableString.Invariant($"TRACE={SealTrace.LinuxPath} TRACE_FORMAT={SealTrace.Format} VERSION={SealTrace.Version}"),
        "# The table of what has to go: clean calls it to remove, verify calls it to look.",
        "residue_by_path() {",
        .. Grouped(rule => !rule.Paths[0].StartsWith("~/", StringComparison.Ordinal)),
        "}",
        "",
        "# The same for a home, which is HOME_AT.",
        "residue_in_home() {",
        .. Grouped(rule => rule.Paths[0].StartsWith("~/", StringComparison.Ordinal)),
        "}",
        "",
        "# credentials DO WHAT HOME: what programs need to act in somebody's name. Not their whole folders: those also hold what is meant for the image.",
        "credentials() {",
        .. Call("    each \"$1\" \"$2\"", LinuxResidueRules.CredentialsBelowHome.SelectMany(path => Globs("\"$3\"/" + path))),
        "}",
    ];

    private static IEnumerable<string> Grouped(Func<ResidueRule, bool> isMeant)
    {
        var rules = LinuxResidueRules.All.Where(rule => rule is { HasToGo: true, Cleaning: ResidueCleaning.Remove, Paths.Count: > 0 } && isMeant(rule)).ToList();
        foreach (var group in rules.GroupBy(rule => (rule.What, Condition: ConditionOf(rule), rule.WithContent)))
        {
            string[] paths = [.. group.SelectMany(rule => rule.Paths)];
            var call = ReferenceEquals(group.First(), LinuxResidueRules.RootCredentials) ? [$"    credentials \"$1\" {What(group.Key.What)} /root"]
                : Call(CallOf(group.First()), paths.Where(path => !paths.Any(other => other != path && other.Count(c => c == '/') == path.Count(c => c == '/') && NamePattern.IsMatch(path, other))).SelectMany(Globs));
            var lines = call.ToList();
            lines[0] = "    " + group.Key.Condition + lines[0].TrimStart();
            foreach (var line in lines)
            {
                yield return line;
            }
        }
    }

    private static string CallOf(ResidueRule rule) => rule.Paths[0].StartsWith("~/", StringComparison.Ordinal) ? $"    in_home \"$1\" {What(rule.What + " of $user")}"
        : $"    {(rule.WithContent ? "each_with_content" : "each")} \"$1\" {What(rule.What)}";

    private static string What(string text) => '"' + text + '"';

    private static string ConditionOf(ResidueRule rule)
    {
        string[] variables = [.. Switches.Where(s => (rule.KeptBy & s.Kind) != ResidueKinds.None).Select(s => s.Variable), .. rule.KeptWithUser ? (string[])["KEEP_USER"] : []];
        var isKept = variables.Length == 0 ? "" : $"[ \"{string.Concat(variables.Select(v => "$" + v))}\" != {string.Concat(variables.Select(_ => "no"))} ] || ";
        return isKept + (rule.MadeAnewBy is { } maker ? $"[ \"${VariableOf(maker)}\" = no ] || " : "")
            + (rule.Paths.Any(path => path.Contains("{user}")) ? "[ -z \"$BUILD_USER\" ] || " : "");
    }

    private static string VariableOf(FirstBootMaker maker) => maker switch
    {
        FirstBootMaker.HostKeys => "NEW_HOST_KEYS",
        FirstBootMaker.Network => "NEW_NETWORK",
        _ => "CLOUD_INIT_RUNS",
    };

    // A * of these tables stands for hidden names too, which a shell's does not.
    private static IEnumerable<string> Globs(string path)
    {
        var text = new StringBuilder();
        foreach (var c in path.Replace("~/", "\"$HOME_AT\"/").Replace("{user}", "\"$BUILD_USER\""))
        {
            text.Append(char.IsLetterOrDigit(c) || "/._-+*@$\"".IndexOf(c) >= 0 ? c : throw new InvalidOperationException($"The path '{path}' holds what a shell could take for more than a name."));
        }
        yield return text.ToString();
        var name = path.LastIndexOf('/') + 1;
        if (path[name] == '*')
        {
            yield return text.ToString().Insert(text.ToString().LastIndexOf('/') + 1, ".[!.]");
        }
    }

    private static IEnumerable<string> Call(string command, IEnumerable<string> words)
    {
        var line = command;
        foreach (var word in words)
        {
            if (line.Length + word.Length > Longest)
            {
                yield return line + " \\";
                line = "       ";
            }
            line += " " + word;
        }
        yield return line;
    }
}
