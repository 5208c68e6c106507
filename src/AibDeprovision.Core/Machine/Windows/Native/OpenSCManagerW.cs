using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    public const uint ScManagerConnect = 0x1;

    /// <summary>The service manager of this machine.</summary>
    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern SafeServiceHandle OpenSCManagerW(string? machineName, string? databaseName, uint desiredAccess);
}
