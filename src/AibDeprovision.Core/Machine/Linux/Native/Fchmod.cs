using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>fchmod(2): by handle, so that nobody can swap the file between creating it and setting its mode.</summary>
    [DllImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Fchmod(SafeFileHandle file, uint mode);
}
