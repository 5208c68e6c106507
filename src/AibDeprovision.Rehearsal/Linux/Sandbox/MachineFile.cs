using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>One entry of a <see cref="ScratchMachine"/>.</summary>
internal sealed record MachineFile(MachineFileKind Kind)
{
    /// <summary>The permission bits.</summary>
    public int Mode { get; init; } = 0x1A4; // 0644

    /// <summary>What a file holds; of a long one only the beginning.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>How long the file is.</summary>
    public long Size { get; init; }

    /// <summary>Where a link points to, as seen inside.</summary>
    public string Target { get; init; } = "";
}
