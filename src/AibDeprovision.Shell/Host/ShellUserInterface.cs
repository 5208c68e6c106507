using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace AibDeprovision.Shell.Host;

/// <summary>
/// Output to standard output; errors, warnings, verbose and debug text, questions and progress to standard error.
/// </summary>
internal sealed class ShellUserInterface : PSHostUserInterface
{
    private readonly Lock _gate = new();
    private readonly ProgressLine _progress = new();

    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    public override bool SupportsVirtualTerminal => Terminal.ColoursOutput;

    public override void Write(string value) => Write(Console.Out, GetOutputString(value, Terminal.ColoursOutput));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(PSStyle.MapForegroundColorToEscapeSequence(foregroundColor)
            + PSStyle.MapBackgroundColorToEscapeSequence(backgroundColor)
            + value
            + PSStyle.Instance.Reset);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value) => WriteMessage(PSStyle.Instance.Formatting.Error, value);

    public override void WriteWarningLine(string message) => WriteMessage(PSStyle.Instance.Formatting.Warning, "WARNING: " + message);

    public override void WriteVerboseLine(string message) => WriteMessage(PSStyle.Instance.Formatting.Verbose, "VERBOSE: " + message);

    public override void WriteDebugLine(string message) => WriteMessage(PSStyle.Instance.Formatting.Debug, "DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_gate)
        {
            _progress.Show(record);
        }
    }

    /// <summary>Takes the progress line away.</summary>
    public void ClearProgress()
    {
        lock (_gate)
        {
            _progress.Clear();
        }
    }

    public override string ReadLine() => Ask(() => Questions.ReadLine());

    public override SecureString ReadLineAsSecureString() => Ask(() => Questions.ReadSecret());

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        Ask(() => Questions.AskForValues(caption, message, descriptions));

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Ask(() => Questions.AskForChoice(caption, message, choices, defaultChoice));

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        Ask(() => Questions.AskForCredential(caption, message, userName));

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) =>
        Ask(() => Questions.AskForCredential(caption, message, userName));

    private T Ask<T>(Func<T> question)
    {
        ClearProgress();
        return question();
    }

    private void WriteMessage(string colour, string message)
    {
        var text = GetOutputString(message, Terminal.ColoursErrors);
        Write(Console.Error, (Terminal.ColoursErrors ? colour + text + PSStyle.Instance.Reset : text) + Environment.NewLine);
    }

    private void Write(TextWriter stream, string text)
    {
        lock (_gate)
        {
            _progress.Clear();
            stream.Write(text);
        }
    }
}
