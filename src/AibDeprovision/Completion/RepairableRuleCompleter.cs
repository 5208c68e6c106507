using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Repairing;

namespace AibDeprovision.Completion;

/// <summary>Offers the rules of which something can be mended.</summary>
public sealed class RepairableRuleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, Repairs.Mendable.OrderBy(rule => rule.Id, StringComparer.Ordinal).Select(rule => (rule.Id, rule.Title)));
}
