namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>The text files and folders of a VM. Paths are absolute, with backslashes, and compare without case.</summary>
internal sealed class SimulatedFiles
{
    private const string Folder = "\0";
    private readonly SortedDictionary<string, string> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly SimulatedVm _vm;

    internal SimulatedFiles(SimulatedVm vm) => _vm = vm;

    /// <summary>Whether every write fails for want of room.</summary>
    public bool IsDiskFull { get; set; }

    /// <summary>Whether a file or a folder stands at the path.</summary>
    public bool Exists(string path) => _entries.ContainsKey(path);

    /// <summary>Whether a file stands at the path.</summary>
    public bool IsFile(string path) => _entries.TryGetValue(path, out var text) && text != Folder;

    /// <summary>The text of a file; null where there is none.</summary>
    public string? Read(string path) => _entries.TryGetValue(path, out var text) && text != Folder ? text : null;

    /// <summary>The paths of what stands right in a folder.</summary>
    public IReadOnlyList<string> ChildrenOf(string folder) =>
        [.. _entries.Keys.Where(path => SimulatedRegistry.ParentOf(path).Equals(folder, StringComparison.OrdinalIgnoreCase))];

    /// <summary>Writes a file, and its folder where that is missing.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(string path, string text)
    {
        CheckRoom();
        CreateFolder(SimulatedRegistry.ParentOf(path));
        _entries[path] = text;
        _vm.Touch();
    }

    /// <summary>Has a file from the beginning, also on a full disk.</summary>
    public void Put(string path, string text)
    {
        var isFull = IsDiskFull;
        IsDiskFull = false;
        Write(path, text);
        IsDiskFull = isFull;
    }

    /// <summary>Adds to a file.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(string path, string text) => Write(path, Read(path) + text);

    /// <summary>Makes a folder and all above it.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void CreateFolder(string path)
    {
        for (var part = path; part.Length > 0 && !_entries.ContainsKey(part); part = SimulatedRegistry.ParentOf(part))
        {
            CheckRoom();
            _entries[part] = Folder;
            _vm.Touch();
        }
    }

    /// <summary>Removes a file, or a folder with all that is in it.</summary>
    public void Delete(string path)
    {
        foreach (var gone in _entries.Keys.Where(k => SimulatedRegistry.IsUnder(k, path)).ToList())
        {
            _entries.Remove(gone);
            _vm.Touch();
        }
    }

    /// <summary>Moves a file, over another one if need be. It needs no room.</summary>
    public void Move(string from, string to)
    {
        if (Read(from) is { } text)
        {
            _entries.Remove(from);
            _entries[to] = text;
            _vm.Touch();
        }
    }

    private void CheckRoom()
    {
        if (IsDiskFull)
        {
            throw new IOException("There is not enough space on the disk.");
        }
    }
}
