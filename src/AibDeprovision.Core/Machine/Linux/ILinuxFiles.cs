using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Linux;

/// <summary>
/// The files of a Linux machine, to be read: one name at a time, and never through a link. Paths are absolute, and no part
/// of them above the last is a link; <see cref="LinuxTree"/> sees to that.
/// </summary>
internal interface ILinuxFiles
{
    /// <summary>What stands at a path, of a link the link itself; null where nothing does.</summary>
    /// <exception cref="AibException">The system does not say.</exception>
    LinuxFile? Find(string path);

    /// <summary>The names in a folder, in no order, as they come.</summary>
    /// <exception cref="AibException">It cannot be listed; thrown while the names come.</exception>
    IEnumerable<string> NamesIn(string folder);

    /// <summary>What a link says; null where this system cannot tell.</summary>
    string? TargetOf(string link);

    /// <summary>The text of a regular file, decoded as <see cref="IFiles.ReadText"/> does.</summary>
    /// <exception cref="AibException">It cannot be read.</exception>
    string ReadText(string path);
}

/// <summary>What stands at a path of a Linux machine.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Its length in bytes.</param>
internal sealed record LinuxFile(MachineFileKind Kind, long Size)
{
    /// <summary>When it was last written to; null where that is not known.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>The number of the user whose it is; null where that is not known.</summary>
    public uint? Owner { get; init; }

    /// <summary>The file system that it is on, as a number of this session's; 0 where that is not known.</summary>
    public ulong FileSystem { get; init; }
}

/// <summary>What a file of a Linux machine is.</summary>
internal enum MachineFileKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A pipe, socket or device.</summary>
    Special,
}
