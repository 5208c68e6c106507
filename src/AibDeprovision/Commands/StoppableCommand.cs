using System.ComponentModel;
using System.Management.Automation;

namespace AibDeprovision.Commands;

/// <summary>A cmdlet that may take long: Ctrl+C ends its work at once.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StoppableCommand : AibCommand, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

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
    private protected void ForThisItemUntilStopped(Action work)
    {
        try
        {
            ForThisItem(work);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
