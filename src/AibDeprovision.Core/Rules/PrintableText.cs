using System.Globalization;

namespace AibDeprovision.Rules;

/// <summary>Names that others have chosen, so that they can be shown: they may hold line ends and commands to terminals.</summary>
internal static class PrintableText
{
    private const int Longest = 2000;

    /// <summary>As <see cref="Of"/>, and cut off after 2,000 characters: what others have written on one line may be of any length.</summary>
    public static string Short(string text) => Of(text.Length <= Longest ? text : text.Substring(0, Longest) + " ...");

    /// <summary>The text, with all that is not visible written as \u and four digits.</summary>
    public static string Of(string text) => text.All(IsVisible) && !text.Any(char.IsSurrogate) ? text
        : string.Concat(text.Select((c, i) => IsVisible(c) && !IsHalf(text, i) ? c.ToString() : FormattableString.Invariant($"\\u{(int)c:x4}")));

    // Half of a pair is no character; so are bytes shown that are no text.
    private static bool IsHalf(string text, int i) => char.IsSurrogate(text[i])
        && !(char.IsHighSurrogate(text[i]) ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) : i > 0 && char.IsHighSurrogate(text[i - 1]));

    // Format characters turn the direction of writing round.
    private static bool IsVisible(char c) => CharUnicodeInfo.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
