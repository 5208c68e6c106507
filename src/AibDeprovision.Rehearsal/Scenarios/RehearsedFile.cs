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
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new AibException(ErrorId.FileNotFound, $"There is no file '{path}'.", "Correct the path.", path);
        }
        if (file.Length > Largest)
        {
            throw new AibException(ErrorId.ReadFailed, $"'{path}' has {file.Length} bytes, which is no script.", "Name a script file.", path);
        }
        try
        {
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AibException(ErrorId.ReadFailed, $"'{path}' cannot be read: {e.Message}", "Look at its permissions, and whether another program holds it.", path, e);
        }
    }
}
