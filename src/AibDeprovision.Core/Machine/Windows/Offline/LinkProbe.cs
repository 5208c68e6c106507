using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>Tells links from other files.</summary>
internal static class LinkProbe
{
    /// <summary>
    /// Whether a symbolic link or junction stands at the path. On Windows not every reparse point is one: the files of an image
    /// that DISM has mounted are reparse points that hold their own data. Those that stand for another name say so in their tag.
    /// </summary>
    public static bool IsLink(string path) => AtomicFile.IsLink(path) && (!Host.IsWindows || IsNameSurrogate(path));

    private static bool IsNameSurrogate(string path)
    {
        var handle = Kernel32.FindFirstFileW(path, out var found);
        if (handle == Kernel32.InvalidHandle)
        {
            // What cannot be told apart is treated as what must not be followed.
            return true;
        }
        Kernel32.FindClose(handle);
        return (found.ReparseTag & Kernel32.ReparseTagNameSurrogate) != 0;
    }
}
