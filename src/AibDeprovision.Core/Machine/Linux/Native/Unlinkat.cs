using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>AT_REMOVEDIR: a folder, which has to be empty.</summary>
    public const int RemoveFolder = 0x200;

    /// <summary>ENOENT.</summary>
    public const int NoSuchFile = 2;

    /// <summary>EISDIR: what was to be removed as a file is a folder.</summary>
    public const int IsFolder = 21;

    /// <summary>ENOTEMPTY.</summary>
    public const int NotEmpty = 39;

    /// <summary>unlinkat(2): removes a name from an open folder, and of a link the link.</summary>
    [DllImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Unlinkat(int folder, byte[] name, int flags);
}
