using System.ComponentModel;
using System.Runtime.InteropServices;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux;

/// <summary>The names in a folder of this host, as they come, without a stop at those that are no text.</summary>
internal sealed class FolderNames : IDisposable
{
    private readonly byte[] _entry = new byte[512];
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
            // The entry may be shorter than the longest name, and is never longer.
            var room = Math.Min((ushort)Marshal.ReadInt16(entry, Libc.EntryLengthAt) - Libc.EntryNameAt, _entry.Length);
            Marshal.Copy(entry + Libc.EntryNameAt, _entry, 0, room);
            var end = Array.IndexOf(_entry, (byte)0, 0, room);
            var name = new byte[end < 0 ? room : end];
            Array.Copy(_entry, name, name.Length);
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
