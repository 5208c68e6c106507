using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Rules;

namespace AibDeprovision.Completion;

/// <summary>Offers the rules, of the kind that is bound already or else all.</summary>
public sealed class RuleIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var isBound = Enum.TryParse<RuleKinds>(fakeBoundParameters["Kind"]?.ToString(), ignoreCase: true, out var kind);
        return Completions.Matching(wordToComplete, RuleCatalogue.All.Where(rule => !isBound || (rule.Kind & kind) != RuleKinds.None).Select(rule => (rule.Id, rule.Title)));
    }
}
