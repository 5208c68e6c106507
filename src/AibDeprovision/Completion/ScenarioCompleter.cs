using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Completion;

/// <summary>Offers the rehearsal's scenarios with what happens in them.</summary>
public sealed class ScenarioCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, WindowsScenarios.All.Select(s => (s.Name, "Windows: " + s.Description))
            .Concat(LinuxRehearsal.Scenarios.Select(s => (s.Name, "Linux: " + s.Description))).GroupBy(s => s.Name).Select(Both));

    private static (string, string) Both(IGrouping<string, (string Name, string Meaning)> scenario) => (scenario.Key, string.Join(" ", scenario.Select(s => s.Meaning)));
}
