using System.Security;
using AibDeprovision.Errors;

namespace AibDeprovision.Machine;

/// <summary>The files of the machine this process runs on.</summary>
internal sealed class HostFiles : IFiles
{
    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    /// <inheritdoc/>
    public bool IsHidden(string path)
    {
        try
        {
            return Host.IsWindows && File.GetAttributes(path).HasFlag(FileAttributes.Hidden);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> NamesIn(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Where(entry => !AtomicFile.IsLink(entry)).Select(Path.GetFileName)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new AibException(ErrorId.ReadFailed, $"'{folder}' cannot be listed: {e.Message}", "Run as an administrator who may.", folder, e);
        }
    }

    /// <inheritdoc/>
    public string? ReadText(string path)
    {
        try
        {
            // Whoever writes a log keeps it open.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return TextDecoding.Read(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw AibException.Unreadable(e, $"'{path}' cannot be read: {e.Message}", "Run as an administrator who may.", path);
        }
    }
}
