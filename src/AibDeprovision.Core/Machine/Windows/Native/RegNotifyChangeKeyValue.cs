using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>REG_NOTIFY_CHANGE_NAME: a subkey comes or goes.</summary>
    public const int ChangeName = 0x1;

    /// <summary>REG_NOTIFY_CHANGE_LAST_SET: a value comes, goes or changes.</summary>
    public const int ChangeLastSet = 0x4;

    /// <summary>Signals the event once, at the next change; ends with the thread that asked.</summary>
    [DllImport("advapi32", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int RegNotifyChangeKeyValue(SafeKeyHandle key, [MarshalAs(UnmanagedType.Bool)] bool subtree, int filter,
        Microsoft.Win32.SafeHandles.SafeWaitHandle signal, [MarshalAs(UnmanagedType.Bool)] bool asynchronous);
}
