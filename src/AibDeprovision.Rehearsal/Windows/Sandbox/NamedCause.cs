using System.Text.RegularExpressions;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script said last, in its own words, before it gave up: of a verdict line the text after the verdict.</summary>
internal static class NamedCause
{
    private const string Verdict = "verdict: ";

    // What Windows PowerShell prints below the message of an error, and lines of a stack trace.
    private static readonly Regex AroundError = new(@"\A(\+ |At .+:[0-9]+ char:[0-9]+)|\bat .+, (<No file>|[^,]+\.ps1): line [0-9]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>The cause; null where it named none.</summary>
    public static string? In(OutputLog output)
    {
        var line = output.Said.FirstOrDefault(said => !AroundError.IsMatch(said));
        var at = line?.IndexOf(Verdict, StringComparison.Ordinal) ?? -1;
        var cause = at < 0 ? -1 : line!.IndexOf("): ", at, StringComparison.Ordinal);
        return cause < 0 ? line : line!.Substring(cause + 3);
    }
}
