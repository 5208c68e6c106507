using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Native;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine;

/// <summary>
/// Writes a file so that a reader finds the old one or the new one and nothing in between: a new file beside the target,
/// flushed to the disk, then renamed over it. A link that stands at the target is replaced, never followed.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Mode 0700: only its owner reads, writes and runs it.</summary>
    public const int OwnerOnly = 0x1C0;

    private const int ModeBits = 2;

    /// <summary>Writes <paramref name="content"/> to <paramref name="path"/>.</summary>
    /// <param name="path">A full path whose folder exists.</param>
    /// <param name="content">All the bytes.</param>
    /// <param name="overwrite">False refuses with <see cref="ErrorId.FileExists"/> when anything stands at the path.</param>
    /// <param name="unixMode">Permission bits, where the system has them; null for what the umask gives.</param>
    /// <exception cref="AibException">It could not be written; what stood there before still does.</exception>
    public static void Write(string path, byte[] content, bool overwrite, int? unixMode = null)
    {
        var folder = Path.GetDirectoryName(path) ?? path;
        GivenFolder.Require(folder, "Create it first, or correct the path.");
        if (Directory.Exists(path) && !IsLink(path))
        {
            throw new AibException(ErrorId.WriteFailed, $"A folder stands at '{path}'.", "Remove it, or name another file.", path);
        }
        if (!overwrite && Exists(path))
        {
            throw AlreadyThere(path);
        }
        var fresh = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.new");
        Translate(path, fresh, () =>
        {
            try
            {
                // CreateNew does not open what is there already, link or not.
                using (var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    if (unixMode is { } mode && !Host.IsWindows && Libc.Fchmod(stream.SafeFileHandle, (uint)mode) != 0)
                    {
                        throw new Win32Exception(Marshal.GetLastWin32Error());
                    }
                    stream.Write(content, 0, content.Length);
                    stream.Flush(flushToDisk: true);
                }
                if (overwrite)
                {
                    Replace(fresh, path);
                }
                else
                {
                    MoveNew(fresh, path);
                }
            }
            finally
            {
                File.Delete(fresh);
            }
        });
    }

    /// <summary>Moves whatever stands at <paramref name="path"/>, a link itself and not what it leads to, to a new name beside it.</summary>
    /// <returns>The new name: the path with .bak, or .bak2, .bak3 and so on when earlier ones are there.</returns>
    /// <exception cref="AibException">It could not be moved.</exception>
    public static string SetAside(string path)
    {
        var backup = path + ".bak";
        for (var n = 2; Exists(backup); n++)
        {
            backup = $"{path}.bak{n}";
        }
        Translate(path, () => Replace(path, backup));
        return backup;
    }

    /// <summary>Puts back what <see cref="SetAside"/> moved.</summary>
    public static void PutBack(string backup, string path) => Translate(path, () => Replace(backup, path));

    /// <summary>Whether anything stands at the path: a file, a folder, a link that leads nowhere.</summary>
    public static bool Exists(string path) => AttributesOf(path) is not null;

    /// <summary>Whether a symbolic link or junction stands at the path.</summary>
    public static bool IsLink(string path) => AttributesOf(path) is { } attributes && attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>The permission bits of a file, for another in its place; null where the system has none, or does not say.</summary>
    public static int? ModeOf(string path)
    {
        try
        {
            var status = new byte[256];
            return !Host.IsWindows && Libc.Statx(Libc.CurrentFolder, Encoding.UTF8.GetBytes(path + "\0"), 0, Libc.TypeOwnerTimeAndSize | ModeBits, status) == 0 ? BitConverter.ToUInt16(status, 28) & 0xFFF : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Turns the errors that file work raises into ours.</summary>
    public static void Translate(string path, Action work) => Translate(path, path, work);

    // What the system says of the file that is written beside the target is said of the target.
    private static void Translate(string path, string fresh, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or SecurityException || (e as Win32Exception)?.NativeErrorCode is 1 or 5 or 13)
        {
            throw new AibException(ErrorId.AccessDenied, $"Access to '{path}' was refused.",
                "Run elevated (in a customizer: runElevated true; on Linux: sudo), or choose another place.", path, e);
        }
        catch (Exception e) when (e is IOException or Win32Exception or NotSupportedException or ArgumentException)
        {
            throw new AibException(ErrorId.WriteFailed, $"'{path}' could not be written: {e.Message.Replace(fresh, path)}",
                "Look at the disk's free space and at who else has the file open, then try again.", path, e);
        }
    }

    private static FileAttributes? AttributesOf(string path)
    {
        try
        {
            return File.GetAttributes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void MoveNew(string fresh, string path)
    {
        try
        {
            File.Move(fresh, path);
        }
        catch (IOException) when (Exists(path))
        {
            throw AlreadyThere(path);
        }
    }

    private static void Replace(string from, string to)
    {
        var done = Host.IsWindows
            ? Kernel32.MoveFileExW(from, to, Kernel32.MoveFileReplaceExisting | Kernel32.MoveFileWriteThrough)
            : Libc.Rename(Encoding.UTF8.GetBytes(from + "\0"), Encoding.UTF8.GetBytes(to + "\0")) == 0;
        if (!done)
        {
            throw new Win32Exception(Marshal.GetLastWin32Error());
        }
    }

    private static AibException AlreadyThere(string path) =>
        new(ErrorId.FileExists, $"'{path}' is there already.", "Leave out -NoClobber to overwrite it, or name another file.", path);
}
