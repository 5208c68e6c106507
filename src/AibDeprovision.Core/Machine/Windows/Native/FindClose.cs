using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    /// <summary>Ends a search.</summary>
    [DllImport("kernel32", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool FindClose(IntPtr findFile);
}
