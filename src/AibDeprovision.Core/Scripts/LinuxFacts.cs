using System.Text;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;

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

    private static IEnumerable<string> All() =>
    [
        FormattableString.Invariant($"FIRST_PERSON={LinuxAccounts.FirstPerson} AFTER_PERSONS={LinuxAccounts.AfterPersons}"),
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
