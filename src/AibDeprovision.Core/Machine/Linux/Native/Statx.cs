using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>AT_FDCWD.</summary>
    public const int CurrentFolder = -100;

    /// <summary>AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT.</summary>
    public const int OfTheLinkItself = 0x100 | 0x800;

    /// <summary>AT_EMPTY_PATH.</summary>
    public const int OfTheDescriptor = 0x1000;

    /// <summary>ENOENT.</summary>
    public const int NoSuchFile = 2;

    /// <summary>STATX_TYPE | STATX_UID | STATX_MTIME | STATX_SIZE.</summary>
    public const uint TypeOwnerTimeAndSize = 0x1 | 0x8 | 0x40 | 0x200;

    /// <summary>statx(2): its structure of 256 bytes is the same on every architecture, which that of stat(2) is not.</summary>
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] result);
}
