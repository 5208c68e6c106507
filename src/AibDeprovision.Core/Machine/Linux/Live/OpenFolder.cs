using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using AibDeprovision.Machine.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>
/// A folder that is held open: names in it are found in this very folder, whatever has been put in its place meanwhile.
/// Names are bytes, since not all of them are text.
/// </summary>
internal sealed class OpenFolder : SafeHandleMinusOneIsInvalid
{
    private OpenFolder(int descriptor)
        : base(ownsHandle: true) => SetHandle(new IntPtr(descriptor));

    /// <summary>The number by which the system knows it.</summary>
    public int Descriptor => handle.ToInt32();

    /// <summary>The file system that it is on, as a number of this session's.</summary>
    public ulong FileSystem => FileStatus.FileSystemOf(Descriptor);

    /// <summary>Opens the folder above a path, without following a link below the root.</summary>
    /// <param name="root">Where the machine's file system begins.</param>
    /// <param name="path">Absolute, as that machine sees it.</param>
    /// <returns>Null where it is not there.</returns>
    /// <exception cref="Win32Exception">It could not be opened, or a part of it is a link.</exception>
    public static OpenFolder? Above(string root, string path)
    {
        var at = Open(Libc.CurrentFolder, NameOf(root.Length == 0 ? "/" : root), Libc.OpenFolderOnly | Libc.OpenFlags);
        foreach (var part in LinuxPath.FolderOf(path).Split(['/'], StringSplitOptions.RemoveEmptyEntries))
        {
            using var above = at;
            at = above?.Folder(NameOf(part));
        }
        return at;
    }

    /// <summary>A name as the system takes it.</summary>
    public static byte[] NameOf(string name) => Encoding.UTF8.GetBytes(name + "\0");

    /// <summary>Opens a folder in this one; null where there is none.</summary>
    /// <exception cref="Win32Exception">It is none, or could not be opened.</exception>
    public OpenFolder? Folder(byte[] name) => Open(Descriptor, name, Libc.OpenFolderOnly | Libc.OpenNoLink | Libc.OpenFlags);

    /// <summary>Opens a regular file in this folder to be changed; null where there is none.</summary>
    /// <exception cref="Win32Exception">It could not be opened.</exception>
    /// <exception cref="IOException">It is no file.</exception>
    public FileStream? File(byte[] name)
    {
        var descriptor = Libc.Openat(Descriptor, name, Libc.OpenToChange | Libc.OpenNoLink | Libc.OpenFlags);
        if (descriptor < 0)
        {
            return Marshal.GetLastWin32Error() is Libc.NoSuchFile ? null : throw new Win32Exception(Marshal.GetLastWin32Error());
        }
        var file = new FileStream(new SafeFileHandle(new IntPtr(descriptor), ownsHandle: true), FileAccess.ReadWrite);
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new IOException("It is a pipe or a device.");
        }
        return file;
    }

    /// <summary>Removes a name.</summary>
    /// <param name="name">What is removed; of a link the link.</param>
    /// <param name="flags">0 for anything but a folder, <see cref="Libc.RemoveFolder"/> for an empty one.</param>
    /// <returns>0, or the error of the system.</returns>
    public int Remove(byte[] name, int flags) => Libc.Unlinkat(Descriptor, name, flags) == 0 ? 0 : Marshal.GetLastWin32Error();

    /// <summary>All that is in it, each with what kind of thing it is (<see cref="Libc.TypeFolder"/> and so on).</summary>
    /// <exception cref="Win32Exception">It could not be listed.</exception>
    public IReadOnlyList<(byte[] Name, byte Type)> Entries()
    {
        var again = Libc.Openat(Descriptor, NameOf("."), Libc.OpenFolderOnly | Libc.OpenFlags);
        var stream = again < 0 ? IntPtr.Zero : Libc.Fdopendir(again);
        if (stream == IntPtr.Zero)
        {
            throw new Win32Exception(Marshal.GetLastWin32Error());
        }
        try
        {
            // All at once: removing while reading leaves some out on some file systems.
            List<(byte[], byte)> entries = [];
            while (Libc.Readdir(stream) is var entry && entry != IntPtr.Zero)
            {
                var name = BytesUpToZero(entry + Libc.EntryNameAt);
                if (name is not ([(byte)'.', 0] or [(byte)'.', (byte)'.', 0]))
                {
                    entries.Add((name, Marshal.ReadByte(entry, Libc.EntryTypeAt)));
                }
            }
            return entries;
        }
        finally
        {
            _ = Libc.Closedir(stream);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close(Descriptor) == 0;

    private static OpenFolder? Open(int folder, byte[] name, int flags)
    {
        var descriptor = Libc.Openat(folder, name, flags);
        return descriptor >= 0 ? new OpenFolder(descriptor)
            : Marshal.GetLastWin32Error() is Libc.NoSuchFile ? null
            : throw new Win32Exception(Marshal.GetLastWin32Error());
    }

    private static byte[] BytesUpToZero(IntPtr text)
    {
        var length = 0;
        while (Marshal.ReadByte(text, length++) != 0)
        {
        }
        var bytes = new byte[length];
        Marshal.Copy(text, bytes, 0, length);
        return bytes;
    }
}
