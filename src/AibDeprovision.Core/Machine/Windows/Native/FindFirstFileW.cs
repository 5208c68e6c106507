using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    /// <summary>The bit of a reparse tag that says: this stands for another name (IsReparseTagNameSurrogate).</summary>
    public const uint ReparseTagNameSurrogate = 0x20000000;

    public static readonly IntPtr InvalidHandle = new(-1);

    /// <summary>The folder entry of a path: its own, not that of what it leads to.</summary>
    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern IntPtr FindFirstFileW(string fileName, out FindData findData);

    /// <summary>WIN32_FIND_DATAW.</summary>
    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
    public struct FindData
    {
        public uint FileAttributes;
        public uint CreationTimeLow;
        public uint CreationTimeHigh;
        public uint LastAccessTimeLow;
        public uint LastAccessTimeHigh;
        public uint LastWriteTimeLow;
        public uint LastWriteTimeHigh;
        public uint FileSizeHigh;
        public uint FileSizeLow;

        /// <summary>dwReserved0: the tag, where FileAttributes says that it is a reparse point.</summary>
        public uint ReparseTag;

        public uint Reserved1;

        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)]
        public string FileName;

        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 14)]
        public string AlternateFileName;
    }
}
