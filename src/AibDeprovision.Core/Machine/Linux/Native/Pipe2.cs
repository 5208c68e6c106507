using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>O_CLOEXEC and O_NONBLOCK.</summary>
    public const int PipeFlags = 0x80000 | 0x800;

    /// <summary>pipe2(2).</summary>
    [DllImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Pipe2([Out] int[] descriptors, int flags);
}
