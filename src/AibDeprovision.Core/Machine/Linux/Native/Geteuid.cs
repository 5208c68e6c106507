using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>geteuid(2): 0 is root.</summary>
    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern uint Geteuid();
}
