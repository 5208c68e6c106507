using System.Text;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>
/// The files of a throw-away Linux machine, held in memory: what a <see cref="LinuxSandbox"/> lays out before a run, and
/// what it has found after it. Nothing here ever touches a file of the host, and links are never followed.
/// </summary>
internal sealed class ScratchMachine
{
    private const int Executable = 0x1ED; // 0755

    private static readonly UTF8Encoding Text = new(encoderShouldEmitUTF8Identifier: false);

    private readonly SortedDictionary<string, MachineFile> files = new(StringComparer.Ordinal);

    /// <summary>Every entry by its path, in ordinal order: a folder comes before what is in it.</summary>
    public IReadOnlyDictionary<string, MachineFile> Files => files;

    /// <summary>Writes a file with its folders, readable by all and writable by its owner.</summary>
    public void WriteFile(string path, string content) => Write(path, content, 0x1A4);

    /// <summary>Writes a program with its folders.</summary>
    public void WriteProgram(string path, string content) => Write(path, content, Executable);

    /// <summary>Makes a symbolic link with its folders.</summary>
    /// <param name="path">Where.</param>
    /// <param name="target">What it points to, as seen inside.</param>
    public void WriteLink(string path, string target) => Put(path, new(MachineFileKind.Link) { Target = target });

    /// <summary>Makes a folder with those above it.</summary>
    public void AddFolder(string path)
    {
        if (!files.ContainsKey(path))
        {
            Put(path, new(MachineFileKind.Folder) { Mode = Executable });
        }
    }

    /// <summary>Removes an entry, a folder with all that is in it.</summary>
    public void Delete(string path)
    {
        foreach (var gone in files.Keys.Where(key => key == path || IsBelow(key, path)).ToList())
        {
            files.Remove(gone);
        }
    }

    /// <summary>Whether there is a file, a folder or a link, even one that points nowhere.</summary>
    public bool Exists(string path) => files.ContainsKey(path);

    /// <summary>The text of a file; null when there is none.</summary>
    public string? ReadFile(string path) =>
        files.TryGetValue(path, out var file) && file.Kind == MachineFileKind.File ? Text.GetString(file.Content) : null;

    /// <summary>What a link points to; null when the path is no link.</summary>
    public string? ReadLink(string path) =>
        files.TryGetValue(path, out var file) && file.Kind == MachineFileKind.Link ? file.Target : null;

    /// <summary>The paths of what is in a folder, at any depth.</summary>
    public IEnumerable<string> Below(string folder) => files.Keys.Where(path => IsBelow(path, folder));

    /// <summary>Puts an entry at a path, with the folders above it.</summary>
    public void Put(string path, MachineFile file)
    {
        if (path.Length < 2 || path[0] != '/' || path.Split('/').Contains(".."))
        {
            throw new ArgumentException($"'{path}' is not a plain absolute path.", nameof(path));
        }
        if (path.LastIndexOf('/') is var end and > 0)
        {
            AddFolder(path.Substring(0, end));
        }
        files[path] = file;
    }

    /// <summary>Takes over all that another one has.</summary>
    public void ReplaceBy(ScratchMachine other)
    {
        files.Clear();
        foreach (var pair in other.files)
        {
            files.Add(pair.Key, pair.Value);
        }
    }

    private static bool IsBelow(string path, string folder) =>
        path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal);

    private void Write(string path, string content, int mode)
    {
        var bytes = Text.GetBytes(content);
        Put(path, new(MachineFileKind.File) { Content = bytes, Size = bytes.Length, Mode = mode });
    }
}
