using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Advapi32
{
    /// <summary>HKEY_LOCAL_MACHINE.</summary>
    public static readonly IntPtr LocalMachine = new(unchecked((int)0x80000002));

    /// <summary>KEY_READ, which holds KEY_NOTIFY.</summary>
    public const int KeyRead = 0x20019;
    public const int KeySetValue = 0x2;

    /// <summary>KEY_WOW64_64KEY: what 64-bit programs see, whatever this one is.</summary>
    public const int Key64 = 0x100;

    /// <summary>ERROR_FILE_NOT_FOUND: there is no such key, or no such value.</summary>
    public const int NotFound = 2;

    [DllImport("advapi32", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int RegOpenKeyExW(IntPtr key, string subkey, int options, int access, out SafeKeyHandle result);
}
