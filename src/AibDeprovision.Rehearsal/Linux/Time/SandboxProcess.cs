namespace AibDeprovision.Rehearsal.Linux.Time;

/// <summary>A process of a sandbox, as it was at one moment.</summary>
/// <param name="HostId">Its number on the host.</param>
/// <param name="ParentHostId">The number of its parent on the host.</param>
/// <param name="Id">Its number inside.</param>
/// <param name="Switches">How often it has been taken off a processor: the same number twice means that it did not run in between.</param>
internal sealed record SandboxProcess(int HostId, int ParentHostId, int Id, long Switches);
