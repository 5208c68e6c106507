using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>SERVICE_NOTIFY_STATUS_CHANGE, the version of the structure.</summary>
    public const int NotifyStatusChange = 2;

    /// <summary>Called once on the thread that asked, in one of its alertable waits, with the structure that it gave.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Winapi)]
    public delegate void ServiceNotifyCallback(IntPtr notify);

    /// <summary>Asks to be told when a service comes into one of the states of the mask; at once where it is in one.</summary>
    /// <returns>0, or the Win32 error.</returns>
    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int NotifyServiceStatusChangeW(SafeServiceHandle service, uint mask, IntPtr notify);

    /// <summary>SERVICE_NOTIFY_2W.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ServiceNotify
    {
        public int Version;
        public IntPtr Callback;
        public IntPtr Context;
        public int NotificationStatus;
        public ServiceStatusProcess Status;
        public int NotificationTriggered;
        public IntPtr ServiceNames;
    }
}
