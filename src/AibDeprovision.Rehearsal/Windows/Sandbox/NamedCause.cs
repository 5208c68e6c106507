namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script said last before it gave up: of a verdict line the text after the verdict.</summary>
internal static class NamedCause
{
    private const string Verdict = "verdict: ";

    public static string? In(OutputLog output)
    {
        var line = output.LastLine?.Trim();
        var at = line?.IndexOf(Verdict, StringComparison.Ordinal) ?? -1;
        var cause = at < 0 ? -1 : line!.IndexOf("): ", at, StringComparison.Ordinal);
        return cause < 0 ? line : line!.Substring(cause + 3);
    }
}
