namespace AibDeprovision.Scripting.Linux;

/// <summary>A simple command of a shell script.</summary>
/// <param name="Words">Its words; the first is its name. Assignments before it are not among them.</param>
/// <param name="Assignments">The assignments before it, as NAME=value.</param>
/// <param name="Redirections">Its redirections.</param>
/// <param name="After">The operator that follows: of a list, of a pipeline, or a line end as "\n".</param>
/// <param name="IsNested">Whether it stands in a substitution or in a text given to another shell.</param>
/// <param name="IsCondition">Whether its result decides something: it stands after if, while, until, elif or !.</param>
internal sealed record ShCommand(IReadOnlyList<ShWord> Words, IReadOnlyList<ShWord> Assignments, IReadOnlyList<ShRedirection> Redirections, string After, bool IsNested, bool IsCondition)
{
    private static readonly string[] s_wrappers = ["sudo", "command", "exec", "env", "nice", "ionice", "time", "nohup", "setsid", "timeout", "stdbuf", "doas", "eval"];

    /// <summary>Where it begins in the text.</summary>
    public int Offset => (Words.Count > 0 ? Words[0] : Assignments.Count > 0 ? Assignments[0] : Redirections[0].Target).Offset;

    /// <summary>Its words after sudo, env and others that run what they are given.</summary>
    public IReadOnlyList<ShWord> Own { get; } = Unwrapped(Words);

    /// <summary>The programs that run it: sudo, nohup and others.</summary>
    public IEnumerable<string> Wrappers => Words.Take(Words.Count - Own.Count).Select(word => word.Leaf).Where(s_wrappers.Contains);

    /// <summary>The name of the program without its folder; empty where there is none.</summary>
    public string Name => Own.Count > 0 ? Own[0].Leaf : "";

    /// <summary>The words after the name.</summary>
    public IEnumerable<ShWord> Arguments => Own.Skip(1);

    /// <summary>Whether one of its arguments is this word.</summary>
    public bool Has(string word) => Arguments.Any(a => a.Text == word);

    /// <summary>Whether it runs waagent to deprovision; also by a variable, and with a dash that is none.</summary>
    public bool IsDeprovision => Arguments.Any(a => a.Text.TrimStart('-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212') is var word
        && word.Length < a.Text.Length && word.StartsWith("deprovision", StringComparison.OrdinalIgnoreCase));

    /// <summary>The command as it is written, its words with a blank between them.</summary>
    public override string ToString() => string.Join(" ", Assignments.Concat(Words).Select(word => word.Raw).Concat(Redirections.Select(r => $"{r.Operator} {r.Target.Raw}")));

    private static List<ShWord> Unwrapped(IReadOnlyList<ShWord> words)
    {
        var at = 0;
        while (at < words.Count && s_wrappers.Contains(words[at].Leaf))
        {
            var wrapper = words[at++].Leaf;
            while (at < words.Count && (words[at].Text.StartsWith("-", StringComparison.Ordinal) || words[at].Text.IndexOf('=') > 0))
            {
                // Options of sudo and nice that take a word of their own.
                at += words[at].Text is "-u" or "-g" or "-n" && wrapper is "sudo" or "nice" && words[at].Text is not "-n" ? 2 : wrapper == "nice" && words[at].Text == "-n" ? 2 : 1;
            }
            if (wrapper == "timeout" && at < words.Count)
            {
                at++;
            }
        }
        return [.. words.Skip(Math.Min(at, words.Count))];
    }
}
