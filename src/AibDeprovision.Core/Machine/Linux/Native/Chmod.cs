using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>chmod(2).</summary>
    [DllImport("libc", EntryPoint = "chmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Chmod(byte[] path, uint mode);
}
