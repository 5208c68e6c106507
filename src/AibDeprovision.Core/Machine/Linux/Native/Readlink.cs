using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>readlink(2): what a link says, without a zero at its end.</summary>
    [DllImport("libc", EntryPoint = "readlink", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern IntPtr Readlink(byte[] path, byte[] buffer, IntPtr size);
}
