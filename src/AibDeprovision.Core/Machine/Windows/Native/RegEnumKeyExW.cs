using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>ERROR_NO_MORE_ITEMS.</summary>
    public const int NoMoreItems = 259;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int RegEnumKeyExW(SafeKeyHandle key, int index, [Out] char[] name, ref int length, IntPtr reserved, IntPtr className, IntPtr classLength, IntPtr lastWrite);
}
