using System.Text.RegularExpressions;

namespace AibDeprovision.Rehearsal.Linux;

/// <summary>Reads what a script has written.</summary>
internal static class ScriptOutput
{
    /// <summary>The number of lines of which, in a longer output, the first and the last are kept.</summary>
    private const int LinesKept = 500;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly Regex Verdict = new(
        @"^>>> AibDeprovision \[ *\d+\.\ds\] verdict: \w+ \(exit code \d+\): (?<cause>.*)$", RegexOptions.CultureInvariant, Limit);

    private static readonly Regex Failure = new(
        @"error|exception|fail|not found|no such|cannot|can't|could not|unable|denied|refused|traceback|fatal",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Limit);

    // dash, busybox and bash: "script: 3: name: not found", "script: line 3: name: not found" or "... command not found".
    private static readonly Regex NotFound = new(
        @"^[^ ]*DeprovisioningScript\.sh: (line )?(?<line>\d+): (?<name>[^ :]+): (command )?not found$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Limit);

    /// <summary>The lines; of very many the middle is left out.</summary>
    public static IReadOnlyList<string> Lines(string text)
    {
        var lines = text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
        return lines.Length <= 2 * LinesKept
            ? lines
            : [.. lines.Take(LinesKept), $"... {lines.Length - (2 * LinesKept)} lines are left out here ...", .. lines.Skip(lines.Length - LinesKept)];
    }

    /// <summary>What the script names as the cause of its failure: its verdict, or the last line that reads like one.</summary>
    public static string? Cause(IReadOnlyList<string> lines)
    {
        var verdict = lines.Reverse().Select(line => Verdict.Match(line)).FirstOrDefault(match => match.Success);
        return verdict is null ? lines.LastOrDefault(line => Failure.IsMatch(line))?.Trim() : verdict.Groups["cause"].Value;
    }

    // What runs another program, and does not find it.
    private static readonly Regex NotFoundBy = new(
        @"^((?<by>sudo): (?<name>[^ :]+): command not found|(?<by>env|nohup|nice|xargs|setsid|stdbuf|timeout): (failed to (run command|execute) )?['\u2018]?(?<name>[^'\u2019: ]+)['\u2019]?: No such file or directory)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Limit);

    // Words of bash that no machine has as a command: another shell that does not know them is right.
    private static readonly HashSet<string> WordsOfBash = new(StringComparer.Ordinal)
    {
        "[[", "((", "function", "source", "declare", "typeset", "let", "shopt", "pushd", "popd", "dirs", "disown", "mapfile", "readarray", "history", "select", "caller", "compgen", "complete", "enable", "bind", "suspend", "logout", "time",
    };

    /// <summary>The first command that the shell did not find and that a real machine might well have; null when there is none.</summary>
    public static string? UnknownCommand(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            var match = NotFound.Match(line) is { Success: true } found ? found : NotFoundBy.Match(line);
            var name = match.Groups["name"].Value;
            if (match.Success && Path.GetFileName(name) is not ("waagent" or "apt" or "apt-get") && !WordsOfBash.Contains(name))
            {
                return match.Groups["line"].Success ? $"Line {match.Groups["line"].Value}: the rehearsal has no '{name}'." : $"The rehearsal has no '{name}' ({match.Groups["by"].Value} {name}).";
            }
        }
        return null;
    }
}
