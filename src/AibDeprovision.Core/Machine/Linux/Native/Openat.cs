using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>O_CLOEXEC and O_NONBLOCK: to open a pipe does not wait for its other end.</summary>
    public const int OpenFlags = 0x80000 | 0x800;

    /// <summary>O_RDWR.</summary>
    public const int OpenToChange = 2;

    /// <summary>ELOOP: a link, where none is to be followed.</summary>
    public const int IsLink = 40;

    /// <summary>O_DIRECTORY: nothing but a folder.</summary>
    public static readonly int OpenFolderOnly = IsArm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW: no link at the last name.</summary>
    public static readonly int OpenNoLink = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>openat(2): a name in an open folder.</summary>
    [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Openat(int folder, byte[] name, int flags);
}
