using AibDeprovision.Rules;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>A result as it may be shown: what comes from the script holds no commands to terminals and no secrets.</summary>
internal static class ShownResult
{
    /// <summary>The result of a script of this name.</summary>
    public static RehearsalResult Of(RehearsalResult result, string script) => result with
    {
        Script = PrintableText.Of(script),
        Output = [.. SecretText.MaskLines(result.Output.Select(line => PrintableText.Of(line.Replace('\t', ' '))))],
        Cause = Text(result.Cause),
        Detail = Text(result.Detail),
    };

    // Messages of the engine may go over several lines; in a table they are one.
    private static string? Text(string? text) => text is null ? null : SecretText.Mask(PrintableText.Of(string.Join(" ", text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries))));
}
