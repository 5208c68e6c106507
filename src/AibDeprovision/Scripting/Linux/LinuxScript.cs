namespace AibDeprovision.Scripting.Linux;

/// <summary>A shell script as its rules look at it. Nothing of it is run.</summary>
internal sealed class LinuxScript
{
    private const int MostCharacters = 1024 * 1024;

    private readonly int[] _lines;

    private LinuxScript(string original)
    {
        Original = original;
        // What the rules say of the line ends is said once; the words are read without them.
        Text = original.TrimStart('\uFEFF').Replace("\r\n", "\n");
        List<int> lines = [0];
        for (var i = 0; i < Text.Length; i++)
        {
            if (Text[i] == '\n')
            {
                lines.Add(i + 1);
            }
        }
        _lines = [.. lines];
        var reader = new ShReader(Text);
        reader.Read(0, Text.Length);
        Commands = [.. reader.Commands.OrderBy(command => command.Offset)];
        Functions = reader.Functions;
        BashWords = reader.Bash;
        Beyond = reader.Beyond;
        Deprovisions = [.. Commands.Where(command => command.IsDeprovision)];
    }

    /// <summary>Its text as it was given.</summary>
    public string Original { get; }

    /// <summary>Its text without a byte order mark, with LF as line ends.</summary>
    public string Text { get; }

    /// <summary>Its commands, in their order.</summary>
    public IReadOnlyList<ShCommand> Commands { get; }

    /// <summary>The names of its functions.</summary>
    public ISet<string> Functions { get; }

    /// <summary>What only bash has, as the reader met it.</summary>
    public IReadOnlyList<(int Offset, string What)> BashWords { get; }

    /// <summary>Where the reader could not go on, and why; null when all was read.</summary>
    public (int Offset, string Reason)? Beyond { get; }

    /// <summary>Where it runs waagent to deprovision.</summary>
    public IReadOnlyList<ShCommand> Deprovisions { get; }

    /// <summary>Whether its first line asks for bash or another shell that is more than sh.</summary>
    public bool IsForBash => Text.StartsWith("#!", StringComparison.Ordinal) && FirstLine is var first
        && (first.Contains("bash") || first.Contains("zsh") || first.Contains("ksh"));

    /// <summary>Whether it runs what cannot be read off: another script, a text, a function's argument.</summary>
    public bool RunsTheUnknown => Commands.Any(command => command.Name is "." or "source" or "eval" or "sh" or "bash" or "python" or "python3" or "pwsh" or "ansible-playbook"
        || command.Name.EndsWith(".sh", StringComparison.Ordinal) || (command.Own.Count > 0 && command.Own[0].Text.StartsWith("$", StringComparison.Ordinal)));

    private string FirstLine => _lines.Length > 1 ? Text.Substring(0, _lines[1]) : Text;

    /// <summary>Reads a script.</summary>
    /// <returns>Null, and why, where it is too large.</returns>
    public static (LinuxScript? Script, string? Refusal) Read(string text) =>
        text.Length > MostCharacters ? (null, $"a script of more than {MostCharacters / 1024} K characters") : (new LinuxScript(text), null);

    /// <summary>Whether a word with this in it stands in a command or a here-document; comments count too.</summary>
    public bool Mentions(string part) => Text.IndexOf(part, StringComparison.Ordinal) >= 0;

    /// <summary>Where a place of the text stands in the one that was given.</summary>
    public int OriginalOffset(int offset)
    {
        var at = Original.Length - Original.TrimStart('\uFEFF').Length;
        for (var i = 0; i < offset; i++)
        {
            at += at + 1 < Original.Length && Original[at] == '\r' && Original[at + 1] == '\n' ? 2 : 1;
        }
        return at;
    }

    /// <summary>The line and the column of a place, from 1.</summary>
    public (int Line, int Column) PlaceOf(int offset)
    {
        var at = Array.BinarySearch(_lines, offset);
        var line = at >= 0 ? at : ~at - 1;
        return (line + 1, offset - _lines[line] + 1);
    }
}
