using AibDeprovision.Errors;

namespace AibDeprovision.Machine;

/// <summary>The files of a machine, to be read. Paths are absolute and written the way of that machine's system.</summary>
internal interface IFiles
{
    /// <summary>Whether a file or a folder stands at the path.</summary>
    bool Exists(string path);

    /// <summary>Whether a file is there and has Windows' hidden attribute; false where that cannot be said.</summary>
    bool IsHidden(string path);

    /// <summary>
    /// The text of a file, decoded by its byte order mark, else as UTF-8 and, where it is none, as Latin-1; of a file of
    /// more than 16 MiB the last 16 MiB. Null where there is none.
    /// </summary>
    /// <exception cref="AibException">It is there and cannot be read.</exception>
    string? ReadText(string path);

    /// <summary>The names in a folder, in no order and without those of links; none where there is no such folder.</summary>
    /// <exception cref="AibException">It is there and cannot be listed.</exception>
    IEnumerable<string> NamesIn(string folder);
}
