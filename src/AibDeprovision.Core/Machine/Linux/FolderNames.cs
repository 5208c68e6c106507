using System.ComponentModel;
using System.Runtime.InteropServices;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux;

/// <summary>The names in a folder of this host, as they come, without a stop at those that are no text.</summary>
internal sealed class FolderNames : IDisposable
{
    private IntPtr _folder;

    private FolderNames(IntPtr folder) => _folder = folder;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="Win32Exception">It cannot be opened.</exception>
    public static FolderNames Open(string path) =>
        Libc.Opendir(LinuxNames.BytesOf(path)) is var folder && folder != IntPtr.Zero ? new FolderNames(folder) : throw new Win32Exception(Marshal.GetLastWin32Error());

    /// <summary>The next name; null at the end.</summary>
    public string? Next()
    {
        while (Libc.Readdir(_folder) is var entry && entry != IntPtr.Zero)
        {
            var length = 0;
            while (Marshal.ReadByte(entry, Libc.EntryNameAt + length) != 0)
            {
                length++;
            }
            var name = new byte[length];
            Marshal.Copy(entry + Libc.EntryNameAt, name, 0, length);
            if (name is not ([(byte)'.'] or [(byte)'.', (byte)'.']))
            {
                return LinuxNames.TextOf(name);
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder != IntPtr.Zero)
        {
            _ = Libc.Closedir(_folder);
            _folder = IntPtr.Zero;
        }
    }
}
