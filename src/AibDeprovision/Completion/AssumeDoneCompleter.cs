using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Completion;

/// <summary>Offers the commands of the script at hand that the rehearsal does not know.</summary>
public sealed class AssumeDoneCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string?[] paths = [fakeBoundParameters["Path"] as string, fakeBoundParameters["LiteralPath"] as string];
        return Completions.Matching(wordToComplete, paths.OfType<string>().Where(File.Exists).SelectMany(path => ScriptGate.UnknownCommands(RehearsedFile.Read(path))).Select(name => (name, "Not simulated; taken as done when it is named here.")));
    }
}
