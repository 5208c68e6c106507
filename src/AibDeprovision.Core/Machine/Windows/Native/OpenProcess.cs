using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    /// <summary>SYNCHRONIZE: to wait for its end.</summary>
    public const uint Synchronize = 0x100000;

    /// <summary>PROCESS_QUERY_LIMITED_INFORMATION: to learn what it is.</summary>
    public const uint QueryLimitedInformation = 0x1000;

    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern SafeKernelHandle OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, int processId);
}
