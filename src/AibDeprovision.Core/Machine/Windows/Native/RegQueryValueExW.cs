using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>ERROR_MORE_DATA: the buffer is too small.</summary>
    public const int MoreData = 234;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int RegQueryValueExW(SafeKeyHandle key, string valueName, IntPtr reserved, out uint type, byte[]? data, ref int size);
}
