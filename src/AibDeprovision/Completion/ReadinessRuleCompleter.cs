using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Rules;

namespace AibDeprovision.Completion;

/// <summary>Offers the rules of readiness.</summary>
public sealed class ReadinessRuleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, ImageReadiness.Rules.OrderBy(rule => rule.Id, StringComparer.Ordinal).Select(rule => (rule.Id, rule.Title)));
}
