namespace AibDeprovision.Machine;

/// <summary>Time as a wait needs it.</summary>
internal interface IClock
{
    /// <summary>The time since some fixed moment. Never goes back, whatever happens to the clock on the wall.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>What the clock on the wall shows. On a young VM it jumps when it is first set.</summary>
    DateTime UtcNow { get; }

    /// <summary>Waits; ends early only by the exception of a cancelled token.</summary>
    void Delay(TimeSpan time, CancellationToken cancel);
}
