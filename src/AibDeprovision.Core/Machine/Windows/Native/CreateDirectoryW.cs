using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    /// <summary>Makes a folder with a security descriptor.</summary>
    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool CreateDirectoryW(string path, in SecurityAttributes attributes);

    /// <summary>SECURITY_ATTRIBUTES.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SecurityAttributes
    {
        public int Size;
        public IntPtr Descriptor;
        public int InheritHandle;
    }
}
