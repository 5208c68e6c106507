using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace AibDeprovision.Shell.Engine;

/// <summary>An error as the shell shows it: who says what, what to do about it, where it happened, and its id.</summary>
internal static class ErrorText
{
    private const int LongestLine = 160;

    private const string LackingCommand =
        "This shell has the engine's own commands only. Get-Command lists them; -Help says what to use for those that are lacking.";

    public static string Describe(ErrorRecord error)
    {
        // A line that a native program wrote on its standard error is not the engine's error: it is shown as it came.
        if (error.FullyQualifiedErrorId is "NativeCommandError" or "NativeCommandErrorMessage")
        {
            return error.ToString();
        }

        var text = new StringBuilder(Origin(error)).Append(": ").Append(error);
        if (error.Exception is ParseException { Errors: { Length: > 0 } errors })
        {
            text.Clear().AppendJoin('\n', errors.Select(Describe));
        }

        var advice = error.Exception is CommandNotFoundException ? LackingCommand : error.ErrorDetails?.RecommendedAction;
        if (!string.IsNullOrWhiteSpace(advice) && !error.ToString().EndsWith(advice, StringComparison.Ordinal))
        {
            text.Append("\n  Recommendation: ").Append(advice);
        }

        if (Position(error) is { } position)
        {
            text.Append("\n  At ").Append(position);
        }

        return text.Append("\n  Error id: ").Append(error.FullyQualifiedErrorId).ToString();
    }

    private static string Origin(ErrorRecord error) =>
        error.InvocationInfo?.MyCommand is { Name.Length: > 0 } command ? command.Name : "Error";

    private static string Describe(ParseError error)
    {
        var start = error.Extent.StartScriptPosition;
        return $"Error: {error.Message}\n  At {Position(start.File, start.LineNumber, start.ColumnNumber, start.Line)}";
    }

    private static string? Position(ErrorRecord error) =>
        error is { Exception: not ParseException, InvocationInfo: { ScriptLineNumber: > 0 } place }
            ? Position(place.ScriptName, place.ScriptLineNumber, place.OffsetInLine, place.Line)
            : null;

    private static string Position(string? file, int line, int column, string text) =>
        $"{(string.IsNullOrEmpty(file) ? "" : file + ", ")}line {line}, char {column}: {Shorten(text.Trim())}";

    private static string Shorten(string line)
    {
        var end = line.IndexOfAny(['\r', '\n']);
        var first = end < 0 ? line : line[..end];
        return first.Length <= LongestLine ? first : string.Concat(first.AsSpan(0, LongestLine), " ...");
    }
}
