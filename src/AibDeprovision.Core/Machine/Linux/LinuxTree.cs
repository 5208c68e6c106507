using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Linux;

/// <summary>
/// Finds files of a Linux machine the way that machine would: links are followed within its own root and never out of it,
/// folders are looked at up to a limit, and what could not be looked at is remembered instead of thrown.
/// </summary>
/// <remarks>The machine is not trusted: links may lead anywhere or in circles, folders may hold millions of names.</remarks>
internal sealed class LinuxTree
{
    /// <summary>The most names that are looked at in one folder, and the most files below one.</summary>
    public const int MostNames = 2_000_000;

    // In the order of their names up to there: all at once they might not fit into memory.
    private const int Sorted = 10_000;

    private const int MostTexts = 1000;
    private const long LongestText = 4 * 1024 * 1024;

    private readonly ILinuxFiles _files;
    private readonly LinuxLinks _links;
    private readonly Dictionary<string, string> _unseen = new(StringComparer.Ordinal);
    private int _texts;

    /// <param name="files">The machine's files.</param>
    public LinuxTree(ILinuxFiles files)
    {
        _files = files;
        _links = new LinuxLinks(files, FileAt, Miss);
    }

    /// <summary>What could not be looked at, by its path, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Unseen => _unseen;

    /// <summary>Whether something stands at a path, of a link what it leads to.</summary>
    public bool Exists(string path) => Follow(path) is not null;

    /// <summary>What stands at a path that <see cref="Find(string)"/>, <see cref="Below"/> or <see cref="Follow"/> has given; of a link the link itself.</summary>
    public LinuxFile? FileAt(string path)
    {
        try
        {
            return _files.Find(path);
        }
        catch (AibException e)
        {
            Miss(LinuxPath.FolderOf(path), e.Message);
            return null;
        }
    }

    /// <summary>Where a path leads once every link is followed, within the root; null where that is nowhere.</summary>
    public string? Follow(string path) => _links.Follow(path);

    /// <summary>The paths that match a pattern: names with * for anything, hidden or not. The last one may be a link, which is not followed.</summary>
    public IEnumerable<string> Find(string pattern) => Find("", pattern);

    /// <summary>The paths that match a pattern below a folder.</summary>
    public IEnumerable<string> Find(string folder, string pattern) =>
        Follow(folder) is { } start ? Match(start, pattern.Split(['/'], StringSplitOptions.RemoveEmptyEntries), 0) : [];

    /// <summary>All that is below a folder and is no folder itself.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="withMounts">Whether also what is mounted there, and not only what is on the folder's own file system.</param>
    public IEnumerable<(string Path, LinuxFile File)> Below(string folder, bool withMounts) => Walk(folder, withMounts, _ => false, CancellationToken.None);

    /// <summary>The paths of what is below a folder, on its file system, and belongs to certain users; of a folder that does, not what is in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isMeant">Whether the number of a user is one of them.</param>
    /// <param name="cancel">Ends it.</param>
    public IEnumerable<string> OwnedBelow(string folder, Func<uint, bool> isMeant, CancellationToken cancel) =>
        Walk(folder, withMounts: false, file => file.Owner is { } owner && isMeant(owner), cancel).Where(found => found.File.Owner is { } owner && isMeant(owner)).Select(found => found.Path);

    private IEnumerable<(string Path, LinuxFile File)> Walk(string folder, bool withMounts, Func<LinuxFile, bool> isWhole, CancellationToken cancel)
    {
        if (Follow(folder) is not { } start || FileAt(start) is not { Kind: MachineFileKind.Folder } first)
        {
            yield break;
        }
        var seen = 0;
        var folders = new Stack<string>([start]);
        while (folders.Count > 0)
        {
            var at = folders.Pop();
            cancel.ThrowIfCancellationRequested();
            foreach (var name in NamesIn(at))
            {
                if (++seen > MostNames)
                {
                    Miss(folder, $"there are more than {MostNames} files below it");
                    yield break;
                }
                var path = LinuxPath.Join(at, name);
                switch (FileAt(path))
                {
                    case null:
                        break;
                    case { Kind: MachineFileKind.Folder } file:
                        if (isWhole(file))
                        {
                            yield return (path, file);
                        }
                        else if (withMounts || file.FileSystem == first.FileSystem)
                        {
                            folders.Push(path);
                        }
                        break;
                    case var file:
                        yield return (path, file);
                        break;
                }
            }
        }
    }

    /// <summary>The text of a regular file, through links within the root; null where there is none or it could not be read.</summary>
    public string? ReadText(string path)
    {
        if (Follow(path) is not { } place || FileAt(place) is not { Kind: MachineFileKind.File } file)
        {
            return null;
        }
        if (file.Size > LongestText || ++_texts > MostTexts)
        {
            Miss(path, file.Size > LongestText ? "it is far longer than such files are" : "there are too many files to be read");
            return null;
        }
        try
        {
            return _files.ReadText(place);
        }
        catch (AibException e)
        {
            Miss(path, e.Message);
            return null;
        }
    }

    /// <summary>The lines of such a file with their numbers, from 1; none where there is no file.</summary>
    public IEnumerable<(int Number, string Text)> LinesOf(string path) =>
        ReadText(path)?.Split('\n').Select((text, i) => (i + 1, text.TrimEnd('\r'))) ?? [];

    /// <summary>Remembers that something was not looked at.</summary>
    public void Miss(string path, string reason)
    {
        if (!_unseen.ContainsKey(path))
        {
            _unseen[path] = reason.TrimEnd('.');
        }
    }

    private IEnumerable<string> Match(string folder, string[] parts, int i)
    {
        foreach (var name in parts[i].Contains("*") ? NamesIn(folder).Where(name => NamePattern.IsMatch(name, parts[i])) : [parts[i]])
        {
            var path = LinuxPath.Join(folder, name);
            if (i < parts.Length - 1)
            {
                foreach (var found in Follow(path) is { } below ? Match(below, parts, i + 1) : [])
                {
                    yield return found;
                }
            }
            else if (parts[i].Contains("*") || FileAt(path) is not null)
            {
                yield return path;
            }
        }
    }

    private IEnumerable<string> NamesIn(string folder)
    {
        if (FileAt(folder) is not { Kind: MachineFileKind.Folder })
        {
            yield break;
        }
        using var all = Open(folder);
        var seen = 0;
        List<string> names = [];
        for (var goesOn = all is not null; goesOn;)
        {
            goesOn = Next(folder, all!);
            if (goesOn && ++seen > MostNames)
            {
                Miss(folder, $"it holds more than {MostNames} names");
                goesOn = false;
            }
            if (goesOn)
            {
                names.Add(all!.Current);
            }
            if (!goesOn || names.Count == Sorted)
            {
                names.Sort(StringComparer.Ordinal);
                foreach (var name in names)
                {
                    yield return name;
                }
                names.Clear();
            }
        }
    }

    private IEnumerator<string>? Open(string folder)
    {
        try
        {
            return _files.NamesIn(folder).GetEnumerator();
        }
        catch (AibException e)
        {
            Miss(folder, e.Message);
            return null;
        }
    }

    private bool Next(string folder, IEnumerator<string> names)
    {
        try
        {
            return names.MoveNext();
        }
        catch (AibException e)
        {
            Miss(folder, e.Message);
            return false;
        }
    }
}
