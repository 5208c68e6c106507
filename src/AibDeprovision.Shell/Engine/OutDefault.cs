using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace AibDeprovision.Shell.Engine;

/// <summary>
/// Out-Default, the command that shows what a pipeline gives, with two changes: what it still holds back for its tables is
/// shown as well when the pipeline ends by <c>exit</c> or by an error, and errors are shown with their advice.
/// </summary>
/// <remarks>It has to keep that name: native programs get the terminal itself only when they write to Out-Default.</remarks>
[Cmdlet(VerbsData.Out, "Default")]
public sealed class OutDefault : OutDefaultCommand
{
    private bool _began;
    private bool _ended;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _began = true;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject?.BaseObject is ErrorRecord error)
        {
            Host.UI.WriteErrorLine(ErrorText.Describe(error));
        }
        else
        {
            base.ProcessRecord();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _ended = true;
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void InternalDispose()
    {
        if (_began && !_ended && !Stopping)
        {
            EndProcessing();
        }

        base.InternalDispose();
    }
}
