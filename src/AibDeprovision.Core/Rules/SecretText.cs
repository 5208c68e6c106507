using System.Text;

namespace AibDeprovision.Rules;

/// <summary>
/// Masks secrets in what others have written, so that it can be shown: values of names such as password, AccountKey or sig,
/// tokens, keys in PEM form, users and passwords in addresses. It tells them by what goes before; a secret that stands alone it cannot know.
/// </summary>
internal static class SecretText
{
    private const string Hidden = "***";
    private const string KeyBegins = "PRIVATE KEY-----";
    private const string KeyEnds = "-----END ";
    private const int ShortestToken = 8;

    // Options, or elements, between a name and its value; a bound, so that no text is read over and over.
    private const int MostSkipped = 4;

    private static readonly string[] Endings =
    [
        "password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "accesskey", "accountkey", "sharedkey", "subscriptionkey", "masterkey",
        "productkey", "privatekey", "sharedaccesssignature", "authorization", "credential", "credentials", "encryptionkey",
    ];

    private static readonly HashSet<string> Exact = new(StringComparer.Ordinal) { "sig", "pass", "pw" };

    // Part of the name of an assembly.
    private const string NoSecret = "PublicKeyToken";

    /// <summary>Each line as <see cref="Mask"/> gives it; of a key that goes over several lines none is left.</summary>
    public static IEnumerable<string> MaskLines(IEnumerable<string> lines)
    {
        var inKey = false;
        foreach (var line in lines)
        {
            var ends = line.LastIndexOf(KeyEnds, StringComparison.Ordinal);
            var begins = line.LastIndexOf(KeyBegins, StringComparison.Ordinal) is >= 0 and var at && line.LastIndexOf(KeyEnds, at, StringComparison.Ordinal) < 0;
            yield return inKey && !begins ? Hidden : Mask(line);
            inKey = begins || (inKey && ends < 0);
        }
    }

    /// <summary>The text with *** in the place of each secret. One pass over the text.</summary>
    public static string Mask(string text)
    {
        var result = new StringBuilder(text.Length);
        var shown = 0;
        for (var at = 0; at < text.Length;)
        {
            var (begin, end) = SecretAfter(text, at, shown, out var next);
            if (end > begin)
            {
                result.Append(text, shown, begin - shown).Append(Hidden);
                shown = end;
                next = Math.Max(next, end);
            }
            at = next;
        }
        return shown == 0 ? text : result.Append(text, shown, text.Length - shown).ToString();
    }

    // The secret that the word at a place announces, from the first of its characters to the one after it; and where to go on.
    private static (int Begin, int End) SecretAfter(string text, int at, int shown, out int next)
    {
        next = at + 1;
        if (StartsAt(text, at, "://"))
        {
            next = at + 3;
            return Userinfo(text, next);
        }
        if (StartsAt(text, at, KeyBegins))
        {
            var key = at + KeyBegins.Length;
            var close = text.IndexOf(KeyEnds, key, StringComparison.Ordinal);
            next = close < 0 ? text.Length : close;
            return (key, next);
        }
        if (!IsWord(text[at]))
        {
            return default;
        }
        while (next < text.Length && IsWord(text[next]))
        {
            next++;
        }
        var word = text.Substring(at, next - at);
        if (word.StartsWith("eyJ", StringComparison.Ordinal) && word.Length > 20 && word.Contains('.'))
        {
            return (at, next);
        }
        if (word.Equals("ConvertTo-SecureString", StringComparison.OrdinalIgnoreCase))
        {
            return Piped(text, at, shown) is { End: > 0 } piped ? piped : Argument(text, next);
        }
        if (word.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            var token = Blanks(text, next);
            return token > next && Value(text, token) is var found && found.End - found.Begin >= ShortestToken ? found : default;
        }
        return IsSecretName(word) ? After(text, at, next, word) : default;
    }

    private static bool IsSecretName(string word)
    {
        var plain = word.Replace("-", "").Replace("_", "").Replace(".", "").ToLowerInvariant();
        var last = word.Substring(word.LastIndexOfAny(['-', '_', '.']) + 1).ToLowerInvariant();
        return !word.Equals(NoSecret, StringComparison.OrdinalIgnoreCase) && (Exact.Contains(last) || Endings.Any(ending => plain.EndsWith(ending, StringComparison.Ordinal)));
    }

    // name=value, name: value, "name": "value", <name>value</name>, -name value.
    private static (int Begin, int End) After(string text, int word, int at, string name)
    {
        var isOption = text[word] == '-';
        var after = at < text.Length && text[at] is '"' or '\'' or ']' ? at + 1 : at;
        var sign = Blanks(text, after);
        if (sign < text.Length && text[sign] is '=' or ':')
        {
            // Two signs, as in := and ==, are one.
            var value = Blanks(text, sign + 1 < text.Length && text[sign + 1] == '=' ? sign + 2 : sign + 1);
            var isFolder = name is "PWD" or "OLDPWD" && value < text.Length && text[value] == '/';
            return isFolder ? default : name.EndsWith("authorization", StringComparison.OrdinalIgnoreCase) ? (value, Line(text, value)) : Value(text, value);
        }
        if (sign < text.Length && text[sign] == '>' && word > 0 && text[word - 1] is '<' or ':')
        {
            return Element(text, sign + 1);
        }
        return isOption && sign > at ? Argument(text, sign) : default;
    }

    // The text of an element, or of the first one in it.
    private static (int Begin, int End) Element(string text, int at)
    {
        var begin = Blanks(text, at);
        for (var n = 0; n < MostSkipped && begin + 1 < text.Length && text[begin] == '<' && text[begin + 1] != '/' && text.IndexOf('>', begin) is >= 0 and var close; n++)
        {
            begin = Blanks(text, close + 1);
        }
        var end = begin < text.Length ? text.IndexOf('<', begin) : -1;
        return (begin, end < 0 ? text.Length : end);
    }

    // The next argument that is neither an option nor a variable.
    private static (int Begin, int End) Argument(string text, int at)
    {
        var value = Blanks(text, at);
        for (var n = 0; n < MostSkipped && value < text.Length && text[value] == '-'; n++)
        {
            while (value < text.Length && !char.IsWhiteSpace(text[value]))
            {
                value++;
            }
            value = Blanks(text, value);
        }
        return value < text.Length && text[value] is '$' or '|' or ';' or '-' ? default : Value(text, value);
    }

    // 'value' | ConvertTo-SecureString
    private static (int Begin, int End) Piped(string text, int at, int shown)
    {
        var end = at - 1;
        while (end > shown && (char.IsWhiteSpace(text[end]) || text[end] == '|'))
        {
            end--;
        }
        var begin = end > shown && end < at - 1 && text[end] is '\'' or '"' ? text.LastIndexOf(text[end], end - 1, end - shown) : -1;
        return begin < 0 ? default : (begin + 1, end);
    }

    private static (int Begin, int End) Value(string text, int at)
    {
        if (at < text.Length && text[at] is '"' or '\'')
        {
            var close = text.IndexOf(text[at], at + 1);
            return (at + 1, close < 0 ? text.Length : close);
        }
        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && ";&\"'<".IndexOf(text[end]) < 0)
        {
            end++;
        }
        return (at, end);
    }

    private static (int Begin, int End) Userinfo(string text, int at)
    {
        var colon = -1;
        for (var i = at; i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('/' or '?' or '#' or '"' or '\''); i++)
        {
            if (text[i] == '@')
            {
                return colon < 0 ? default : (colon + 1, i);
            }
            colon = colon < 0 && text[i] == ':' ? i : colon;
        }
        return default;
    }

    private static int Blanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }
        return at;
    }

    private static int Line(string text, int at) => text.IndexOfAny(['\r', '\n'], at) is >= 0 and var end ? end : text.Length;

    private static bool StartsAt(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private static bool IsWord(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.';
}
