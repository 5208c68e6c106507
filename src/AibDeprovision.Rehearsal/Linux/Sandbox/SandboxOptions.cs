namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>Limits and surroundings of a run in a <see cref="LinuxSandbox"/>.</summary>
internal sealed record SandboxOptions
{
    /// <summary>The real time after which everything in the sandbox is killed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The number of bytes of output after which everything in the sandbox is killed.</summary>
    public int OutputLimit { get; init; } = 4_000_000;

    /// <summary>The memory of all processes together, in bytes, beyond which everything in the sandbox is killed.</summary>
    public long MemoryLimit { get; init; } = 512L << 20;

    /// <summary>What the machine's disk holds, in the way that mount -o size= takes it.</summary>
    public string DiskSize { get; init; } = "64m";

    /// <summary>Whether the command believes to be root; otherwise it is nobody.</summary>
    public bool AsRoot { get; init; } = true;

    /// <summary>All environment variables of the command.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
        ["HOME"] = "/root",
    };

    /// <summary>How long the machine's own time may get, for a machine whose sleep, timeout and date are the stubs; null for real time.</summary>
    public TimeSpan? VirtualTimeLimit { get; init; }

    /// <summary>How long nothing may move before it counts as a wait without an end.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(2);
}
