using System.Security;
using AibDeprovision.Errors;

namespace AibDeprovision.Machine;

/// <summary>A folder that a user has named.</summary>
internal static class GivenFolder
{
    /// <summary>Goes on where it is there.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="advice">What to do where there is none.</param>
    /// <exception cref="AibException">It is not there (<see cref="ErrorId.FolderNotFound"/>), or cannot be looked at.</exception>
    public static void Require(string path, string advice)
    {
        try
        {
            // Directory.Exists says of one in a folder that may not be entered that there is none.
            if (File.GetAttributes(path).HasFlag(FileAttributes.Directory))
            {
                return;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw AibException.Unreadable(e, $"The folder '{path}' cannot be looked at: {e.Message}", "Look at its permissions, or run elevated (on Linux: sudo).", path);
        }
        throw new AibException(ErrorId.FolderNotFound, $"There is no folder '{path}'.", advice, path);
    }
}
