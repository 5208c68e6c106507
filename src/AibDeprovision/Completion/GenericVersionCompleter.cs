using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;

namespace AibDeprovision.Completion;

/// <summary>Offers the documented scripts, of the platform that is bound already or else of both.</summary>
public sealed class GenericVersionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        DeprovisionPlatform[] platforms = Enum.TryParse<DeprovisionPlatform>(fakeBoundParameters["Platform"]?.ToString(), ignoreCase: true, out var bound)
            ? [bound]
            : [DeprovisionPlatform.Windows, DeprovisionPlatform.Linux];
        return Completions.Matching(wordToComplete, platforms.SelectMany(GenericScripts.VersionsOf).Select(v => (v, GenericScripts.DescriptionOf(v))));
    }
}
