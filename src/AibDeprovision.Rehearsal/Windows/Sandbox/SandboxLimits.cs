namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>How far a script may go on the machine that rehearses it.</summary>
internal sealed record SandboxLimits
{
    /// <summary>The longest that one scenario may take in real time.</summary>
    public TimeSpan WallClock { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How much the heap may grow meanwhile, in bytes.</summary>
    public long Memory { get; init; } = 200 * 1024 * 1024;

    /// <summary>The stack of the thread that a script runs on, in bytes.</summary>
    public int StackSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>How often the limits are looked at.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a script that was stopped has to react before its thread is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}
