using System.Management.Automation;
using System.Management.Automation.Language;

namespace AibDeprovision.Completion;

/// <summary>What all completers share: matching by prefix or wildcard, quoting, tooltips.</summary>
internal static class Completions
{
    /// <summary>The values that begin with what was typed, in their order.</summary>
    public static IEnumerable<CompletionResult> Matching(string? typed, IEnumerable<(string Value, string Meaning)> values)
    {
        var pattern = WildcardPattern.Get((typed ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return values.Where(v => pattern.IsMatch(v.Value)).Select(v =>
            new CompletionResult(Quoted(v.Value), v.Value, CompletionResultType.ParameterValue, v.Meaning));
    }

    private static string Quoted(string value) =>
        value.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ':') ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
}
