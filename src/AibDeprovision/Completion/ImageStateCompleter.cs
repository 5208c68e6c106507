using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Machine;

namespace AibDeprovision.Completion;

/// <summary>Offers the image states of Windows.</summary>
public sealed class ImageStateCompleter : IArgumentCompleter
{
    private static readonly (string, string)[] Known =
    [
        (ImageStates.GeneralizedToOobe, "Generalized, and OOBE comes next: the one that Azure wants."),
        (ImageStates.GeneralizedToAudit, "Generalized, and audit mode comes next."),
        (ImageStates.SpecializedToOobe, "Sealed without /generalize, and OOBE comes next."),
        (ImageStates.SpecializedToAudit, "Sealed without /generalize, and audit mode comes next."),
        (ImageStates.Undeployable, "A phase is not finished: normal while Sysprep works, a failure when it has ended."),
        (ImageStates.Complete, "Installed and bound to this machine."),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters) => Completions.Matching(wordToComplete, Known);
}
