using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    /// <summary>WAIT_IO_COMPLETION: a call that was queued for this thread has been made.</summary>
    public const uint WaitIoCompletion = 0xC0;
    public const uint WaitFailed = 0xFFFFFFFF;

    /// <summary>Waits for one of the handles, for the time, or, alertable, for a call that is queued for this thread.</summary>
    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern uint WaitForMultipleObjectsEx(int count, IntPtr[] handles, [MarshalAs(UnmanagedType.Bool)] bool all, uint milliseconds, [MarshalAs(UnmanagedType.Bool)] bool alertable);
}
