namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>How a run in a <see cref="LinuxSandbox"/> came to its end.</summary>
internal enum SandboxEnd
{
    /// <summary>The command ended by itself.</summary>
    Exited,

    /// <summary>It waited beyond the limit of the machine's own time, or for what can never come.</summary>
    Hung,

    /// <summary>It restarted the machine, or ended everything on it.</summary>
    SessionLost,

    /// <summary>It took too much real time.</summary>
    TimeLimit,

    /// <summary>It wrote too much.</summary>
    OutputLimit,

    /// <summary>All its processes together took too much memory.</summary>
    MemoryLimit,

    /// <summary>The sandbox could not be set up, or has been damaged.</summary>
    Broken,
}

/// <summary>What came of a run in a <see cref="LinuxSandbox"/>.</summary>
internal sealed record SandboxRun(SandboxEnd End)
{
    /// <summary>The exit code of the command; null when it did not end by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Standard output and standard error in the order in which they were written.</summary>
    public string Output { get; init; } = "";

    /// <summary>Why it ended as it did; null where there is nothing to add.</summary>
    public string? Reason { get; init; }

    /// <summary>How long it took on the machine's own clock; zero without one.</summary>
    public TimeSpan VirtualTime { get; init; }

    /// <summary>With what arguments the machine's agent was run, as seen from outside; empty without a clock.</summary>
    public IReadOnlyList<string> AgentCalls { get; init; } = [];

    /// <summary>How long it really took.</summary>
    public TimeSpan Duration { get; init; }
}
