using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>Where d_reclen, d_type and d_name are in a struct dirent of 64-bit Linux, with glibc as with musl.</summary>
    public const int EntryLengthAt = 16, EntryTypeAt = 18, EntryNameAt = 19;

    /// <summary>DT_DIR, DT_SOCK, and DT_UNKNOWN for file systems that do not say.</summary>
    public const byte TypeFolder = 4, TypeSocket = 12, TypeUnknown = 0;

    /// <summary>readdir(3): the next entry; zero at the end.</summary>
    [DllImport("libc", EntryPoint = "readdir", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern IntPtr Readdir(IntPtr folder);
}
