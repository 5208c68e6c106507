using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Linux;

/// <summary>
/// Changes to the files of a Linux machine. Paths are as in <see cref="ILinuxFiles"/>: absolute, with no link above the
/// last name. What is changed or removed is never reached through a link, even one that somebody puts there meanwhile.
/// </summary>
internal interface ILinuxChanges
{
    /// <summary>Removes whatever is there, a folder with all that is in it and of a link the link. Nothing is there: nothing happens.</summary>
    /// <exception cref="AibException">Not all of it could be removed.</exception>
    void Remove(string path);

    /// <summary>Removes what is below a folder, on the same file system: files, links and what folders it leaves empty. Sockets stay: somebody listens.</summary>
    /// <param name="folder">It stays itself.</param>
    /// <param name="stays">Says of the path of a file or link that it is not to be removed.</param>
    /// <exception cref="AibException">Not all of it could be removed; the rest was.</exception>
    void RemoveBelow(string folder, Func<string, bool> stays);

    /// <summary>Removes a folder that is empty, and leaves any other.</summary>
    void RemoveEmptyFolder(string path);

    /// <summary>Makes a file empty; owner and mode stay.</summary>
    /// <exception cref="AibException">It could not be done.</exception>
    void Empty(string path);

    /// <summary>Writes the lines of a file anew in its place; owner and mode stay. Line ends stay as they are.</summary>
    /// <param name="path">A regular file.</param>
    /// <param name="edit">Gets the lines, decoded as <see cref="ILinuxFiles.ReadText"/> does, and gives those that are to be there.</param>
    /// <exception cref="AibException">It could not be done.</exception>
    void EditLines(string path, Func<IReadOnlyList<string>, IEnumerable<string>> edit);

    /// <summary>Makes a file that is not there yet, with its folders; of these the system's own links are followed.</summary>
    /// <exception cref="AibException">It could not be done, or something is there.</exception>
    void Create(string path, string text);

    /// <summary>Makes a symbolic link.</summary>
    /// <exception cref="AibException">It could not be done, or something is there.</exception>
    void Link(string path, string target);
}
