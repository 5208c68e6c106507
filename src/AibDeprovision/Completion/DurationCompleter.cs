using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AibDeprovision.Completion;

/// <summary>Offers durations, in the forms in which they can be written.</summary>
public sealed class DurationCompleter : IArgumentCompleter
{
    private static readonly (string, string)[] Forms =
    [
        ("90s", "90 seconds; a number without a unit is seconds too."),
        ("15m", "15 minutes."),
        ("30m", "30 minutes."),
        ("45m", "45 minutes."),
        ("1h", "An hour."),
        ("1h30m", "An hour and a half."),
        ("00:20:00", "20 minutes, as hours:minutes:seconds."),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters) => Completions.Matching(wordToComplete, Forms);
}
