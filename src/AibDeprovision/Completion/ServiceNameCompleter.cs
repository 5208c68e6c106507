using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AibDeprovision.Completion;

/// <summary>Offers the services of the Windows guest agent.</summary>
public sealed class ServiceNameCompleter : IArgumentCompleter
{
    private static readonly (string, string)[] Known =
    [
        ("RdAgent", "Azure's Remote Desktop agent: starts and updates the guest agent."),
        ("WindowsAzureGuestAgent", "The guest agent, which takes part in Sysprep."),
        ("WindowsAzureTelemetryService", "Only of agents older than 2.7.41491.971; later ones have it within WindowsAzureGuestAgent."),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters) => Completions.Matching(wordToComplete, Known);
}
