using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AibDeprovision;

/// <summary>Offers the rehearsal's scenarios with what happens in them.</summary>
public sealed class ScenarioCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, WindowsScenarios.All.Select(s => (s.Name, s.Description)));
}
