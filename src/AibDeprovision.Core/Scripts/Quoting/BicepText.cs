using System.Globalization;
using System.Text;

namespace AibDeprovision.Scripts.Quoting;

/// <summary>Writes values as Bicep source. The only way a value gets into a snippet of Bicep.</summary>
internal static class BicepText
{
    /// <summary>A string literal on one line, in pure ASCII, whose value is exactly <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">Half of a surrogate pair, which no Bicep string can hold.</exception>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('\'');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            text = c switch
            {
                '\\' or '\'' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '$' when i + 1 < value.Length && value[i + 1] == '{' => text.Append("\\$"),
                >= ' ' and <= '~' => text.Append(c),
                _ => text.Append("\\u{").Append(char.ConvertToUtf32(value, i).ToString("X", CultureInfo.InvariantCulture)).Append('}'),
            };
            i += char.IsHighSurrogate(c) ? 1 : 0;
        }
        return text.Append('\'').ToString();
    }
}
