using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>Changes to the files of this machine, or of one whose file system begins in one of its folders.</summary>
/// <param name="root">The folder in which the machine's file system begins.</param>
internal sealed class LinuxChanges(string root) : ILinuxChanges
{
    // Each level keeps a folder open.
    private const int Deepest = 500;

    private readonly string _root = root.TrimEnd('/');

    /// <inheritdoc/>
    public void Remove(string path) => In(path, (folder, name) =>
    {
        if (RemoveEntry(folder, name, path, Libc.TypeUnknown, new Removal()) is { } failure)
        {
            throw failure;
        }
    });

    /// <inheritdoc/>
    public void RemoveBelow(string folder, Func<string, bool> stays) => In(folder, (above, name) =>
    {
        using var open = above.Folder(name);
        if (open is not null && RemoveEntries(open, folder, new Removal { FileSystem = open.FileSystem, Stays = stays }) is { } failure)
        {
            throw failure;
        }
    });

    /// <inheritdoc/>
    public void RemoveEmptyFolder(string path) => In(path, (folder, name) => _ = folder.Remove(name, Libc.RemoveFolder));

    /// <inheritdoc/>
    public void Empty(string path) => In(path, (folder, name) =>
    {
        using var file = folder.File(name);
        file?.SetLength(0);
    });

    /// <inheritdoc/>
    public void EditLines(string path, Func<IReadOnlyList<string>, IEnumerable<string>> edit) => In(path, (folder, name) =>
    {
        using var file = folder.File(name) ?? throw new FileNotFoundException("It is not there.", path);
        var (text, encoding) = TextDecoding.ReadWhole(file);
        var edited = encoding.GetBytes(string.Join("\n", edit(text.Split('\n'))));
        file.Position = 0;
        file.Write(edited, 0, edited.Length);
        file.SetLength(edited.Length);
    });

    /// <inheritdoc/>
    public void Create(string path, string text) => Changing(path, () =>
    {
        Directory.CreateDirectory(_root + LinuxPath.FolderOf(path));
        using var file = new FileStream(_root + path, FileMode.CreateNew, FileAccess.Write);
        var bytes = Encoding.UTF8.GetBytes(text);
        file.Write(bytes, 0, bytes.Length);
    });

    /// <inheritdoc/>
    public void Link(string path, string target) => In(path, (folder, name) =>
    {
        if (Libc.Symlinkat(OpenFolder.NameOf(target), folder.Descriptor, name) != 0)
        {
            throw new Win32Exception(Marshal.GetLastWin32Error());
        }
    });

    // Goes on after a failure, and gives the first.
    private static Exception? RemoveEntries(OpenFolder folder, string path, Removal removal)
    {
        if (removal.Depth > Deepest)
        {
            return new IOException($"'{path}' is nested too deeply.");
        }
        Exception? first = null;
        foreach (var (name, type) in folder.Entries())
        {
            var failure = RemoveEntry(folder, name, LinuxPath.Join(path, Encoding.UTF8.GetString(name, 0, name.Length - 1)), type, removal);
            first ??= failure;
        }
        return first;
    }

    private static Exception? RemoveEntry(OpenFolder folder, byte[] name, string path, byte type, Removal removal)
    {
        if (type != Libc.TypeFolder)
        {
            if (removal.Stays is { } stays && (type == Libc.TypeSocket || stays(path)))
            {
                return null;
            }
            switch (folder.Remove(name, 0))
            {
                case 0 or Libc.NoSuchFile:
                    return null;
                case Libc.IsFolder:
                    break;
                case var error:
                    return Failed(path, new Win32Exception(error));
            }
        }
        try
        {
            using var below = folder.Folder(name);
            // Where the system does not say, it may be another one.
            if (below is null || (removal.FileSystem is { } only && (only == 0 || below.FileSystem != only)))
            {
                return null;
            }
            if (RemoveEntries(below, path, removal with { Depth = removal.Depth + 1 }) is { } failure)
            {
                return failure;
            }
            return folder.Remove(name, Libc.RemoveFolder) is var error && (error is 0 or Libc.NoSuchFile || (error == Libc.NotEmpty && removal.Stays is not null)) ? null : Failed(path, new Win32Exception(error));
        }
        catch (Win32Exception e)
        {
            return Failed(path, e);
        }
    }

    private void In(string path, Action<OpenFolder, byte[]> work) => Changing(path, () =>
    {
        using var folder = OpenFolder.Above(_root, path);
        if (folder is not null)
        {
            work(folder, OpenFolder.NameOf(path.Substring(path.LastIndexOf('/') + 1)));
        }
    });

    private static void Changing(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw Failed(path, e);
        }
    }

    private static AibException Failed(string path, Exception e) => new(ErrorId.WriteFailed, $"{path}: {e.Message}", "Look at its mount options and attributes.", path, e);

    private sealed record Removal
    {
        /// <summary>Where it may be removed; null for everywhere.</summary>
        public ulong? FileSystem { get; init; }

        /// <summary>What stays; null for nothing.</summary>
        public Func<string, bool>? Stays { get; init; }

        public int Depth { get; init; }
    }
}
