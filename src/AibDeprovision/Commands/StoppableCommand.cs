using System.ComponentModel;
using System.Management.Automation;

namespace AibDeprovision.Commands;

/// <summary>A cmdlet that may take long: Ctrl+C ends its work at once.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StoppableCommand : AibCommand, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private ProgressRecord? _progress;

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    private protected CancellationToken StopToken => _stopping.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Does one item's work, as <see cref="AibCommand.ForThisItem"/> does, and lets a stopped pipeline stop.</summary>
    private protected void ForThisItemUntilStopped(Action work, object? input = null)
    {
        try
        {
            ForThisItem(work, input);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            EndProgress();
        }
    }

    /// <summary>Shows what the item's work does now, until the work has ended.</summary>
    private protected void ShowProgress(string activity, string status) => WriteProgress(_progress = new ProgressRecord(0, activity, status));

    // A bar that is not completed stays in some hosts until the next command.
    private void EndProgress()
    {
        if (_progress is { } shown && !StopToken.IsCancellationRequested)
        {
            _progress = null;
            WriteProgress(new ProgressRecord(0, shown.Activity, shown.StatusDescription) { RecordType = ProgressRecordType.Completed });
        }
    }
}
