namespace AibDeprovision.Machine;

/// <summary>
/// Sleeps until something that is watched may have changed. Nothing is lost between two waits: what changes in between
/// ends the next one at once. So look first, and wait when there is nothing to see.
/// </summary>
internal interface IChangeWatch : IDisposable
{
    /// <summary>Waits for a change, for the longest time given. It may also end for no reason.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, before or meanwhile.</exception>
    void Wait(TimeSpan atMost, CancellationToken cancel);
}
