using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>realpath(3): where a path leads once every link is followed. The buffer has to hold PATH_MAX (4096) bytes.</summary>
    [DllImport("libc", EntryPoint = "realpath", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern IntPtr Realpath(byte[] path, byte[] resolved);
}
