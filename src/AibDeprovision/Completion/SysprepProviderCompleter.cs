using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Completion;

/// <summary>Offers the provider DLLs that are registered on this machine, or elsewhere the one that is known to break builds.</summary>
public sealed class SysprepProviderCompleter : IArgumentCompleter
{
    private static readonly (string, string)[] Known =
        [("VMAgentDisabler.dll", "Of the guest agent; agent updates have removed the DLL and left its registration.")];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters) => Completions.Matching(wordToComplete, Registered() is { Count: > 0 } here ? here : Known);

    private static List<(string, string)> Registered()
    {
        try
        {
            return ThisMachine.Here.Windows() is { } machine
                ? [.. SysprepProviders.Of(machine).GroupBy(p => p.Leaf, StringComparer.OrdinalIgnoreCase).Select(p => (p.Key, $"{string.Join(", ", p.Select(one => one.Part))}: {p.First().Path}{(p.Any(one => one.IsMissing) ? ", which is missing" : "")}"))]
                : [];
        }
        catch (AibException)
        {
            // Not readable from here: whoever completes wants a name, and no error.
            return [];
        }
    }
}
