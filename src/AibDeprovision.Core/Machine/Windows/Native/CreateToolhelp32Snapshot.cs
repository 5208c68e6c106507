using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    /// <summary>TH32CS_SNAPPROCESS: all processes.</summary>
    public const uint SnapProcess = 0x2;

    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern SafeKernelHandle CreateToolhelp32Snapshot(uint flags, int processId);
}
