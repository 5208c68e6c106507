using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Linux.Native;

internal static partial class Libc
{
    /// <summary>lchown(2): of a link the link itself.</summary>
    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Lchown(byte[] path, uint owner, uint group);
}
