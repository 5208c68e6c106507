using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>TokenUser: a TOKEN_USER, which begins with the pointer to the SID.</summary>
    public const int TokenUser = 1;

    /// <summary>TokenElevation: a DWORD, not 0 for an administrator's full token.</summary>
    public const int TokenElevation = 20;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool GetTokenInformation(SafeKernelHandle token, int kind, IntPtr information, int size, out int needed);
}
