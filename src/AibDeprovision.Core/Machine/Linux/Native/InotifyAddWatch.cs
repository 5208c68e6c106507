using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>IN_CREATE, IN_DELETE, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE_SELF, IN_MOVE_SELF: something in a folder comes or goes.</summary>
    public const uint InotifyComesOrGoes = 0x100 | 0x200 | 0x40 | 0x80 | 0x400 | 0x800;

    /// <summary>inotify_add_watch(2); again for the same folder it changes the watch that is there.</summary>
    [DllImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int InotifyAddWatch(int descriptor, byte[] path, uint mask);
}
