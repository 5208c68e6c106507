using System.ComponentModel;
using System.Security;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux;

/// <summary>The files of this machine, or of an image that is mounted or unpacked in one of its folders.</summary>
/// <param name="root">The folder in which the machine's file system begins.</param>
internal sealed class RootedFiles(string root) : ILinuxFiles
{
    private const int LongestTarget = 4096;
    private const int LongestUnsized = 64 * 1024;

    private readonly string _root = root.TrimEnd('/');
    private readonly Lazy<SilentMounts?> _silent = new(() => Host.Platform == Plans.DeprovisionPlatform.Linux ? new SilentMounts(root.TrimEnd('/')) : null);

    /// <inheritdoc/>
    public LinuxFile? Find(string path) => Reading(path, () => FileStatus.Of(OnThisHost(path)));

    /// <inheritdoc/>
    public IEnumerable<string> NamesIn(string folder)
    {
        if (Host.Platform == Plans.DeprovisionPlatform.Linux)
        {
            using var names = Reading(folder, () => FolderNames.Open(OnThisHost(folder)));
            while (Reading(folder, names.Next) is { } name)
            {
                yield return name;
            }
            yield break;
        }
        using var entries = Reading(folder, () => Directory.EnumerateFileSystemEntries(OnThisHost(folder)).GetEnumerator());
        while (Reading(folder, entries.MoveNext))
        {
            yield return Path.GetFileName(entries.Current);
        }
    }

    /// <inheritdoc/>
    public string? TargetOf(string link)
    {
        if (Host.IsWindows)
        {
            return null;
        }
        var buffer = new byte[LongestTarget];
        var length = (int)Libc.Readlink(LinuxNames.BytesOf(OnThisHost(link)), buffer, (IntPtr)buffer.Length);
        return length > 0 ? LinuxNames.TextOf([.. buffer.Take(length)]) : null;
    }

    /// <inheritdoc/>
    public string ReadText(string path) => Reading(path, () =>
    {
        var file = OnThisHost(path);
        // Where a pipe looks like an empty file, opening it could wait for ever.
        if (!FileStatus.KnowsKinds && new FileInfo(file).Length == 0)
        {
            return "";
        }
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return stream.Length > 0 ? TextDecoding.Read(stream) : ReadUnsized(stream);
    });

    // The files of the kernel, in /proc, have text and no length.
    private static string ReadUnsized(FileStream stream)
    {
        var bytes = new byte[LongestUnsized];
        var done = 0;
        while (done < bytes.Length && stream.Read(bytes, done, bytes.Length - done) is > 0 and var read)
        {
            done += read;
        }
        using var text = new MemoryStream(bytes, 0, done);
        return TextDecoding.Read(text);
    }

    private string OnThisHost(string path)
    {
        _silent.Value?.Refuse(_root + path);
        return _root + path;
    }

    private static T Reading<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException or Win32Exception)
        {
            throw AibException.Unreadable(e, e.Message, "Run as root.", path);
        }
    }
}
