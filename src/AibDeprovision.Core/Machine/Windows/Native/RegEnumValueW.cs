using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int RegEnumValueW(SafeKeyHandle key, int index, [Out] char[] name, ref int length, IntPtr reserved, IntPtr type, IntPtr data, IntPtr dataSize);
}
