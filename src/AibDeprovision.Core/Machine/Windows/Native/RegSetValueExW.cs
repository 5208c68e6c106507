using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>REG_DWORD.</summary>
    public const int Dword = 4;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int RegSetValueExW(SafeKeyHandle key, string valueName, int reserved, int type, byte[] data, int size);
}
