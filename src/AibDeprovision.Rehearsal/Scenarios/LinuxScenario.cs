using AibDeprovision.Rehearsal.Linux.Sandbox;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>A simulated Linux build-VM scenario.</summary>
internal sealed class LinuxScenario
{
    internal LinuxScenario(string name, string description, Action<ScratchMachine> prepare)
    {
        Name = name;
        Description = description;
        Prepare = prepare;
    }

    /// <summary>Words with dashes between them.</summary>
    public string Name { get; }

    /// <summary>What is so, in one sentence.</summary>
    public string Description { get; }

    /// <summary>Makes a provisioned machine one of this kind.</summary>
    internal Action<ScratchMachine> Prepare { get; }

    /// <summary>Whether the script is run as root.</summary>
    internal bool AsRoot { get; init; } = true;

    /// <summary>What the machine's disk holds.</summary>
    internal string DiskSize { get; init; } = "64m";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
