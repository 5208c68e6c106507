using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>SDDL_REVISION_1.</summary>
    public const int DescriptorRevision = 1;

    /// <summary>Makes a security descriptor of its text; Marshal.FreeHGlobal frees it.</summary>
    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool ConvertStringSecurityDescriptorToSecurityDescriptorW(string text, int revision, out IntPtr descriptor, IntPtr size);
}
