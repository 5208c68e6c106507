using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    public const int MoveFileReplaceExisting = 0x1;
    public const int MoveFileWriteThrough = 0x8;

    /// <summary>Replaces the target in one step and never follows a link that stands there.</summary>
    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool MoveFileExW(string existingFileName, string newFileName, int flags);
}
