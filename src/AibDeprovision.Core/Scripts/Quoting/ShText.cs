using System.Globalization;
using System.Text;

namespace AibDeprovision.Scripts.Quoting;

/// <summary>Writes values as POSIX shell source. The only way a value of a user's gets into a shell script.</summary>
internal static class ShText
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// A word in pure ASCII whose value is exactly the UTF-8 bytes of <paramref name="value"/>, whatever it holds.
    /// Line feeds stay as they are; other bytes that are not printable ASCII are written by printf in octal.
    /// </summary>
    /// <exception cref="ArgumentException">A NUL, which no shell can hold, or half of a surrogate pair.</exception>
    public static string Quote(string value)
    {
        if (value.IndexOf('\0') >= 0)
        {
            throw new ArgumentException("A NUL character cannot be held by a shell.", nameof(value));
        }
        var text = new StringBuilder(value.Length + 2).Append('\'');
        var escaping = false;
        foreach (var b in StrictUtf8.GetBytes(value))
        {
            var plain = b is (byte)'\n' or >= (byte)' ' and <= (byte)'~';
            if (plain == escaping)
            {
                text.Append(plain ? "')\"'" : "'\"$(printf '");
                escaping = !plain;
            }
            if (!plain)
            {
                text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
            }
            else if (b == '\'')
            {
                text.Append(@"'\''");
            }
            else
            {
                text.Append((char)b);
            }
        }
        return text.Append(escaping ? "')\"" : "'").ToString();
    }

    /// <summary>'yes' or 'no'.</summary>
    public static string Quote(bool value) => Quote(value ? "yes" : "no");

    /// <summary>A duration as whole seconds.</summary>
    public static string Quote(TimeSpan value) => Quote(((long)value.TotalSeconds).ToString(CultureInfo.InvariantCulture));
}
