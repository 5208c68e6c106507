using System.Security;
using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>
/// The files of a Windows that does not run, below the folder where its system drive is mounted or unpacked. X:\a\b is a\b
/// below that folder, whatever the drive's letter and whatever the letters' case.
/// </summary>
/// <remarks>
/// The image is not trusted. A part of a path is only ever a name that its folder lists, so nothing that the host reads into a
/// name (a stream, a device, a short name, a trailing dot) counts. A symbolic link or junction below the root is refused
/// wherever it leads, since what it says was written for another machine; the root itself may be one.
/// </remarks>
internal sealed class OfflineFiles : IFiles
{
    private readonly string _root;

    /// <param name="root">The folder that holds the image's Windows folder.</param>
    public OfflineFiles(string root) => _root = Path.GetFullPath(root);

    /// <inheritdoc/>
    /// <exception cref="AibException">
    /// The path is none of a drive, or leads over a link (<see cref="ErrorId.LinkInPath"/>), or a folder on the way cannot be read.
    /// </exception>
    public bool Exists(string path) => Locate(path) is not null;

    /// <inheritdoc/>
    /// <remarks>Only Windows shows the attribute of a file on its own file systems.</remarks>
    public bool IsHidden(string path) => Host.IsWindows && Locate(path) is { } found && File.GetAttributes(found).HasFlag(FileAttributes.Hidden);

    /// <inheritdoc/>
    public string? ReadText(string path)
    {
        if (Locate(path) is not { } found)
        {
            return null;
        }
        return Reading(path, () =>
        {
            var file = new FileInfo(found);
            // A pipe or a device has no length, and opening it could wait for ever.
            if (!file.Exists || file.Length == 0)
            {
                return file.Exists ? "" : null;
            }
            using var stream = new FileStream(found, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return TextDecoding.Read(stream);
        });
    }

    /// <inheritdoc/>
    public IEnumerable<string> NamesIn(string folder) => Locate(folder) is not { } found ? []
        : Reading<string[]>(folder, () => Directory.Exists(found) ? [.. Directory.EnumerateFileSystemEntries(found).Where(entry => !LinkProbe.IsLink(entry)).Select(Path.GetFileName)] : []);

    /// <summary>Where a file or a folder of the image is on this machine; null where there is none.</summary>
    /// <exception cref="AibException">As <see cref="Exists"/>.</exception>
    internal string? Locate(string path)
    {
        var parts = PartsOf(path);
        return Reading(path, () =>
        {
            var at = _root;
            foreach (var part in parts)
            {
                if (!Directory.Exists(at) || Entry(at, part) is not { } entry)
                {
                    return null;
                }
                if (LinkProbe.IsLink(entry))
                {
                    throw new AibException(ErrorId.LinkInPath, $"'{entry}' is a link, and it would be followed on this machine instead of in the image.",
                        "Look at where it leads, and remove it or put the real file in its place.", path);
                }
                at = entry;
            }
            return at;
        });
    }

    /// <summary>The entry of a folder that bears the name: as it is written, else in another case.</summary>
    private static string? Entry(string folder, string name)
    {
        string? found = null;
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            var entryName = Path.GetFileName(entry);
            if (entryName.Equals(name, StringComparison.Ordinal))
            {
                return entry;
            }
            // Of several, always the same one, in whatever order the file system lists them.
            if (entryName.Equals(name, StringComparison.OrdinalIgnoreCase) && (found is null || string.CompareOrdinal(entry, found) < 0))
            {
                found = entry;
            }
        }
        return found;
    }

    private static string[] PartsOf(string path)
    {
        var parts = path.Split('\\', '/');
        var isAbsolute = parts[0].Length == 2 && parts[0][1] == ':' && parts[0][0] is >= 'A' and <= 'Z' or >= 'a' and <= 'z' && parts.Length > 1;
        return isAbsolute && !parts.Contains("..")
            ? [.. parts.Skip(1).Where(part => part is not ("" or "."))]
            : throw new AibException(ErrorId.NotAFileSystemPath, $"'{path}' is no path of a file in the image.",
                @"Give one that begins with the drive, as C:\Windows does, and has no '..' in it.", path);
    }

    private T Reading<T>(string path, Func<T> work)
        where T : class?
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw AibException.Unreadable(e, $"'{path}' of the image in '{_root}' could not be read: {e.Message}",
                "Look at who may read the mounted image, and whether it is still mounted.", _root);
        }
    }
}
