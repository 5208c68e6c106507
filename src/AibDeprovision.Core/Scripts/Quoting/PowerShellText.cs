using System.Globalization;
using System.Text;

namespace AibDeprovision.Scripts.Quoting;

/// <summary>Writes values as PowerShell source. The only way a value of a user's gets into a PowerShell script.</summary>
internal static class PowerShellText
{
    /// <summary>
    /// An expression in pure ASCII that evaluates to exactly <paramref name="value"/> and does nothing else, in every
    /// language mode from 5.1 on. CR LF pairs stay as they are, so that a hook can be read in the log; whatever else is not printable
    /// ASCII (a lone line feed, NUL, typographic quotes, which PowerShell takes for quotes) becomes <c>[char]0x....</c>.
    /// </summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('\'');
        var joined = false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '\'')
            {
                text.Append("''");
            }
            else if (c == '\r' && i + 1 < value.Length && value[i + 1] == '\n')
            {
                text.Append("\r\n");
                i++;
            }
            else if (c is >= ' ' and <= '~')
            {
                text.Append(c);
            }
            else
            {
                text.Append("' + [char]0x").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)).Append(" + '");
                joined = true;
            }
        }
        text.Append('\'');
        return joined ? $"({text})" : text.ToString();
    }

    /// <summary>An array expression of quoted strings.</summary>
    public static string Quote(IEnumerable<string> values) => $"@({string.Join(", ", values.Select(Quote))})";

    /// <summary>$true or $false.</summary>
    public static string Quote(bool value) => value ? "$true" : "$false";

    /// <summary>A duration as whole seconds.</summary>
    public static string Quote(TimeSpan value) => ((long)value.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
