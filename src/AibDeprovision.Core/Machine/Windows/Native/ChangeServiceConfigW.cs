using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    public const uint ServiceChangeConfig = 0x2;

    /// <summary>SERVICE_NO_CHANGE.</summary>
    public const uint NoChange = 0xFFFFFFFF;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool ChangeServiceConfigW(SafeServiceHandle service, uint serviceType, uint startType, uint errorControl,
        string? path, string? group, IntPtr tagId, string? dependencies, string? account, string? password, string? displayName);
}
