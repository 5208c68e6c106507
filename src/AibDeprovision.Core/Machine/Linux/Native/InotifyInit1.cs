using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>IN_CLOEXEC and IN_NONBLOCK.</summary>
    public const int InotifyFlags = 0x80000 | 0x800;

    /// <summary>inotify_init1(2).</summary>
    [DllImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int InotifyInit1(int flags);
}
