using System.Globalization;

namespace AibDeprovision.Rules;

/// <summary>Names that others have chosen, so that they can be shown: they may hold line ends and commands to terminals.</summary>
internal static class PrintableText
{
    private const int Longest = 2000;

    /// <summary>As <see cref="Of"/>, and cut off after 2,000 characters: what others have written on one line may be of any length.</summary>
    public static string Short(string text) => Of(text.Length <= Longest ? text : text.Substring(0, Longest) + " ...");

    /// <summary>The text, with all that is not visible written as \u and four digits.</summary>
    public static string Of(string text) => text.All(IsVisible) ? text
        : string.Concat(text.Select(c => IsVisible(c) ? c.ToString() : FormattableString.Invariant($"\\u{(int)c:x4}")));

    // Format characters turn the direction of writing round.
    private static bool IsVisible(char c) => CharUnicodeInfo.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
