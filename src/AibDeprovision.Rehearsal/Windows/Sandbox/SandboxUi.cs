using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script writes past its output, warnings for instance, goes into the same log. Questions find nobody to answer.</summary>
internal sealed class SandboxUi(ScriptRun run) : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI => null!;

    public override void Write(string value) => run.Output.Add(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => run.Output.Add(value);

    public override void WriteLine(string value) => run.Output.Add(value);

    public override void WriteErrorLine(string value) => run.Output.Add(value);

    public override void WriteWarningLine(string message) => run.Output.Add("WARNING: " + message);

    public override void WriteVerboseLine(string message) => run.Output.Add("VERBOSE: " + message);

    public override void WriteDebugLine(string message) => run.Output.Add("DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        // A log has no progress bar.
    }

    public override string ReadLine() => throw Nobody();

    public override SecureString ReadLineAsSecureString() => throw Nobody();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw Nobody();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw Nobody();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw Nobody();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw Nobody();

    private static PSInvalidOperationException Nobody() => new(
        "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
}
