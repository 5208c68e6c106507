using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AibDeprovision.WindowsTests.Native;

/// <summary>What the service controller class of .NET cannot do: make, change and delete services, and fail in a service's own way.</summary>
internal static class Advapi32
{
    public const int AllAccess = 0xF01FF;
    public const int ManagerAllAccess = 0xF003F;
    public const int OwnProcess = 0x10;
    public const int NoChange = -1;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern ServiceHandle OpenSCManagerW(string? machine, string? database, int access);

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern ServiceHandle OpenServiceW(ServiceHandle manager, string name, int access);

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern ServiceHandle CreateServiceW(
        ServiceHandle manager, string name, string displayName, int access, int type, int startType, int errorControl, string commandLine, string? group, nint tag, string? dependencies, string? account, string? password);

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool ChangeServiceConfigW(
        ServiceHandle service, int type, int startType, int errorControl, string? commandLine, string? group, nint tag, string? dependencies, string? account, string? password, string? displayName);

    [DllImport("advapi32", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool DeleteService(ServiceHandle service);

    [DllImport("advapi32", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool QueryServiceStatus(ServiceHandle service, out ServiceStatus status);

    [DllImport("advapi32", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool SetServiceStatus(nint service, in ServiceStatus status);

    [DllImport("advapi32", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool CloseServiceHandle(nint handle);
}

/// <summary>SERVICE_STATUS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ServiceStatus
{
    public int Type;
    public int State;
    public int Accepts;
    public int ExitCode;
    public int SpecificExitCode;
    public int CheckPoint;
    public int WaitHint;
}

/// <summary>A handle of the service control manager, or of a service.</summary>
internal sealed class ServiceHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Advapi32.CloseServiceHandle(handle);
}
