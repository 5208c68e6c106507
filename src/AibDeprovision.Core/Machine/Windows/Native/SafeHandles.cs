using Microsoft.Win32.SafeHandles;

namespace AibDeprovision.Machine.Windows.Native;

/// <summary>A handle of the service manager.</summary>
internal sealed class SafeServiceHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Advapi32.CloseServiceHandle(handle);
}

/// <summary>A key of the registry.</summary>
internal sealed class SafeKeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Advapi32.RegCloseKey(handle) == 0;
}

/// <summary>A token, a process, a snapshot: what CloseHandle closes.</summary>
internal sealed class SafeKernelHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Kernel32.CloseHandle(handle);
}
