namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Finds, before the parser sees a script, what the parser itself acts upon: 'using' loads the module, or the assembly, as
/// soon as it is met, and 'configuration' looks for its keywords on the machine that it runs on. Reads the text once, by
/// hand; where it cannot tell a keyword from a word in a text it takes it for the keyword.
/// </summary>
internal static class ParserTraps
{
    // What may stand between a keyword and what it names, blanks and comments, is followed no further than this.
    private const int Farthest = 2_000;

    private static readonly string[] UsingKinds = ["module", "namespace", "assembly", "type", "command"];

    /// <summary>The first of them, with its line; null when there is none.</summary>
    public static (int Line, string Construct)? In(string text)
    {
        var line = 1;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsLineEnd(text[i]))
            {
                line += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')) ? 1 : 0;
                start = i + 1;
            }
            else if (IsWord(text, i, "using") && IsUsing(text, i + "using".Length) && !IsComment(text, start, i))
            {
                return (line, "a using statement");
            }
            else if (IsWord(text, i, "configuration") && IsConfiguration(text, start, i) && !IsComment(text, start, i))
            {
                return (line, "a configuration");
            }
        }
        return null;
    }

    private static bool IsUsing(string text, int at)
    {
        var next = AfterGap(text, at);
        return next is null || (next > at && UsingKinds.Any(kind => IsWord(text, next.Value, kind)));
    }

    // A name and a brace follow; in a text between quotes something else than a statement goes before.
    private static bool IsConfiguration(string text, int lineStart, int word)
    {
        var before = word - 1;
        while (before >= lineStart && char.IsWhiteSpace(text[before]))
        {
            before--;
        }
        if (before >= lineStart && (char.IsLetterOrDigit(text[before]) || "'\"$-._,:\\/".IndexOf(text[before]) >= 0))
        {
            return false;
        }
        var at = word + "configuration".Length;
        if (AfterGap(text, at) is not { } name)
        {
            return true;
        }
        var end = name;
        while (end < text.Length && end - name < Farthest && !char.IsWhiteSpace(text[end]) && text[end] != '{')
        {
            end++;
        }
        return name > at && (AfterGap(text, end) is not { } brace || (brace < text.Length && text[brace] == '{'));
    }

    // The place after blanks, line ends, continued lines and comments; null where that is too far to follow.
    private static int? AfterGap(string text, int at)
    {
        var limit = at + Farthest;
        while (at < text.Length && at < limit)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == '`')
            {
                at++;
            }
            else if (text[at] == '#')
            {
                while (at < text.Length && at < limit && !IsLineEnd(text[at]))
                {
                    at++;
                }
            }
            else if (text[at] == '<' && at + 1 < text.Length && text[at + 1] == '#')
            {
                var end = text.IndexOf("#>", at + 2, Math.Min(Farthest, text.Length - at - 2), StringComparison.Ordinal);
                at = end < 0 ? limit : end + 2;
            }
            else
            {
                return at;
            }
        }
        return at < limit ? at : null;
    }

    // A line that begins with # holds no code, unless a comment of several lines ends in it, or it is text with code in it.
    private static bool IsComment(string text, int lineStart, int word)
    {
        var at = lineStart;
        while (at < word && (text[at] is ' ' or '\t'))
        {
            at++;
        }
        return at < word && text[at] == '#'
            && text.IndexOf("#>", at, word - at, StringComparison.Ordinal) < 0 && text.IndexOf("$(", at, word - at, StringComparison.Ordinal) < 0;
    }

    private static bool IsWord(string text, int at, string word) =>
        at + word.Length <= text.Length && string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '$' or '-'))
        && (at + word.Length == text.Length || !(char.IsLetterOrDigit(text[at + word.Length]) || text[at + word.Length] is '_' or '-'));

    private static bool IsLineEnd(char c) => c is '\n' or '\r' or '\f' or '\v' or '\u0085' or '\u2028' or '\u2029';
}
