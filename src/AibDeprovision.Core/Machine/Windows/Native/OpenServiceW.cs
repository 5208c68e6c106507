using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    public const uint ServiceQueryConfig = 0x1;
    public const uint ServiceQueryStatus = 0x4;
    public const uint ServiceStart = 0x10;

    /// <summary>ERROR_SERVICE_DOES_NOT_EXIST.</summary>
    public const int NoSuchService = 1060;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern SafeServiceHandle OpenServiceW(SafeServiceHandle manager, string serviceName, uint desiredAccess);
}
