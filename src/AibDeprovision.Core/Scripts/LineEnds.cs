namespace AibDeprovision.Scripts;

/// <summary>Line ends, changed on purpose and in one place.</summary>
internal static class LineEnds
{
    /// <summary>Every line ends in LF.</summary>
    public static string ToLf(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');

    /// <summary>Every line ends in CR LF.</summary>
    public static string ToCrLf(string text) => ToLf(text).Replace("\n", "\r\n");
}
