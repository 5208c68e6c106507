using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>The security identifier of a name: of this machine's own name, the machine's.</summary>
    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool LookupAccountNameW(string? system, string name, byte[] sid, ref int sidSize, char[] domain, ref int domainSize, out int use);
}
