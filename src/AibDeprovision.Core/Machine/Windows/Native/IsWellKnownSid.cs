using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>WinLocalSystemSid.</summary>
    public const int LocalSystem = 22;

    [DllImport("advapi32", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool IsWellKnownSid(IntPtr sid, int kind);
}
