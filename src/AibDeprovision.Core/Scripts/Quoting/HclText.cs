using System.Globalization;
using System.Text;

namespace AibDeprovision.Scripts.Quoting;

/// <summary>Writes values as source of HCL, the language of Terraform and of Packer. The only way a value gets into a snippet of it.</summary>
internal static class HclText
{
    /// <summary>A string literal on one line, in pure ASCII, whose value is exactly <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">Half of a surrogate pair, which no HCL string can hold.</exception>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var next = i + 1 < value.Length ? value[i + 1] : '\0';
            text = c switch
            {
                '\\' or '"' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                // $${ stands for ${. A $ before it would be read together with the first of the two.
                '$' or '%' when next == '{' => text.Append(c).Append(c),
                '$' or '%' when next == c => text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                >= ' ' and <= '~' => text.Append(c),
                _ => AppendCodePoint(text, char.ConvertToUtf32(value, i)),
            };
            i += char.IsHighSurrogate(c) ? 1 : 0;
        }
        return text.Append('"').ToString();
    }

    private static StringBuilder AppendCodePoint(StringBuilder text, int point) =>
        text.Append(point > 0xFFFF ? "\\U" : "\\u").Append(point.ToString(point > 0xFFFF ? "X8" : "X4", CultureInfo.InvariantCulture));
}
