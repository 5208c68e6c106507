using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Rules;

namespace AibDeprovision.Completion;

/// <summary>Offers the rules about scripts that offer a fix.</summary>
public sealed class FixableRuleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, RuleCatalogue.All.Where(rule => rule.Fix is not null).Select(rule => (rule.Id, rule.Fix!)));
}
