using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Plans;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>Script files as a rehearsal reads them.</summary>
internal static class RehearsedFile
{
    private const long Largest = 5 * 1024 * 1024;

    /// <summary>The system that a script is for, by its name or else by what it says.</summary>
    public static DeprovisionPlatform PlatformOf(string path, string text)
    {
        var isShell = path.EndsWith(".sh", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("#!", StringComparison.Ordinal)
            || (text.Contains("waagent") && text.IndexOf("sysprep", StringComparison.OrdinalIgnoreCase) < 0);
        return isShell ? DeprovisionPlatform.Linux : DeprovisionPlatform.Windows;
    }

    /// <summary>The text of a script.</summary>
    /// <exception cref="AibException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            // Says of a file in a folder that may not be entered that access was refused, where Exists says that there is none.
            if (File.GetAttributes(path).HasFlag(FileAttributes.Directory))
            {
                throw new AibException(ErrorId.ReadFailed, $"'{path}' is a folder.", "Name a script file, or the files in it by a wildcard.", path);
            }
            var size = new FileInfo(path).Length;
            if (size > Largest)
            {
                throw new AibException(ErrorId.ReadFailed, $"'{path}' has {size} bytes, which is no script.", "Name a script file.", path);
            }
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AibException(ErrorId.FileNotFound, $"There is no file '{path}'.", "Correct the path.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AibException.Unreadable(e, $"'{path}' cannot be read: {e.Message}", "Look at its permissions, and whether another program holds it.", path);
        }
    }
}
