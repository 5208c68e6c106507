using System.Text;
using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>A rule of sudo that still works once a user of that name, or of that number, is made again.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Who">The user's name, or the number as sudo writes it.</param>
/// <param name="IsAlone">Whether it is nobody else's, so that it may go as a whole.</param>
internal sealed record SudoRule(string File, int Line, string Who, bool IsAlone);

/// <summary>
/// Finds them as sudo reads its files (sudoers(5)): files are included, lines go on after a backslash, names are quoted, and a user
/// is also meant by %group and #uid, in lists and aliases. The hardened script decides in the same way.
/// </summary>
internal sealed class SudoRules(LinuxTree tree, LinuxAccounts accounts)
{
    private const int MostFiles = 200;

    private static readonly Regex Include = new("^[#@]include(dir)?[ \t]+(?<path>/[^ \t\"\\\\]*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex Comment = new("[ \t]#[^0-9].*", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    private static readonly char[] Blanks = [' ', '\t'];
    private static readonly char[] Separators = [' ', '\t', ',', '=', '!', ':'];

    // Each file is read once: for what it includes, and for its rules.
    private readonly Dictionary<string, List<(int Number, string Text)>> _lines = new(StringComparer.Ordinal);

    /// <summary>All of them, in the order of the files.</summary>
    public IEnumerable<SudoRule> Find() => Files().Distinct(StringComparer.Ordinal).Take(MostFiles).SelectMany(RulesOf);

    private IEnumerable<string> Files()
    {
        string[] files = ["/etc/sudoers", .. tree.Find("/etc/sudoers.d/*")];
        var included = files.SelectMany(LinesOf).Select(line => Include.Match(line.Text)).Where(match => match.Success).Select(match => match.Groups["path"].Value.TrimEnd('/'));
        return [.. files, .. included.SelectMany(path => tree.Follow(path) is { } place && tree.FileAt(place) is { Kind: MachineFileKind.Folder } ? tree.Find(path, "*") : [path])];
    }

    private List<(int Number, string Text)> LinesOf(string file)
    {
        if (!_lines.TryGetValue(file, out var lines))
        {
            _lines[file] = lines = [.. tree.LinesOf(file)];
        }
        return lines;
    }

    private IEnumerable<SudoRule> RulesOf(string file)
    {
        var joined = new StringBuilder();
        var begin = 0;
        foreach (var (number, text) in LinesOf(file))
        {
            begin = joined.Length == 0 ? number : begin;
            if (text.EndsWith("\\", StringComparison.Ordinal))
            {
                joined.Append(text, 0, text.Length - 1).Append(' ');
                continue;
            }
            if (Judge(file, begin, joined.Append(text).ToString()) is { } rule)
            {
                yield return rule;
            }
            joined.Clear();
        }
        if (joined.Length > 0 && Judge(file, begin, joined.ToString()) is { } last)
        {
            yield return last;
        }
    }

    private SudoRule? Judge(string file, int line, string text)
    {
        var rule = text.TrimStart(Blanks);
        if (rule.Length == 0 || (rule[0] == '#' && !(rule.Length > 1 && char.IsDigit(rule[1]))) || rule.StartsWith("@include", StringComparison.Ordinal))
        {
            return null;
        }
        rule = Comment.Replace(rule, "");
        var end = rule.IndexOfAny([' ', '\t', '=']);
        var (first, rest) = end < 0 ? (rule, "") : (rule.Substring(0, end), rule.Substring(end).TrimStart(Blanks));
        var isDefault = first.StartsWith("Defaults:", StringComparison.Ordinal);
        var isSimple = first.IndexOf(',') < 0 && (isDefault || (!rest.StartsWith(",", StringComparison.Ordinal) && rest.IndexOf('=') >= 0));
        if (isSimple && WhoIs(isDefault ? first.Substring("Defaults:".Length) : first) is { } alone)
        {
            return new SudoRule(file, line, alone, IsAlone: true);
        }
        return rule.Split(Separators).Select(WhoIs).FirstOrDefault(who => who is not null) is { } among ? new SudoRule(file, line, among, IsAlone: false) : null;
    }

    // By name, by number, or by the group that only this user is in; \ and " say nothing more.
    private string? WhoIs(string word)
    {
        var who = word.Replace("\"", "").Replace("\\", "");
        return who.StartsWith("%#", StringComparison.Ordinal) ? (accounts.IsOrphanGroup(who.Substring(2)) ? who : null)
            : who.StartsWith("#", StringComparison.Ordinal) ? NumberIs(who.Substring(1))
            : who.StartsWith("%", StringComparison.Ordinal) ? (IsProvisioned(who.Substring(1)) && !accounts.HasGroupOfOthers(who.Substring(1)) ? who.Substring(1) : null)
            : IsProvisioned(who) ? who : null;
    }

    private string? NumberIs(string number) =>
        accounts.Provisioned.FirstOrDefault(name => accounts.Find(name)?.Id is { } id && number == FormattableString.Invariant($"{id}")) ?? (accounts.IsOrphan(number) ? "#" + number : null);

    private bool IsProvisioned(string name) => name.Length > 0 && accounts.Provisioned.Contains(name, StringComparer.Ordinal);
}
