using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>The files of a throw-away machine, as the checks of Linux machines read them.</summary>
internal sealed class ScratchFiles(ScratchMachine machine) : ILinuxFiles
{
    /// <inheritdoc/>
    public LinuxFile? Find(string path) => path == "/" ? new LinuxFile(MachineFileKind.Folder, 0)
        : machine.Files.TryGetValue(path, out var file) ? new LinuxFile(file.Kind, file.Size)
        : null;

    /// <inheritdoc/>
    public IEnumerable<string> NamesIn(string folder)
    {
        var start = folder == "/" ? 1 : folder.Length + 1;
        return machine.Below(folder == "/" ? "" : folder).Select(path => path.Substring(start)).Where(name => !name.Contains('/'));
    }

    /// <inheritdoc/>
    public string? TargetOf(string link) => machine.ReadLink(link);

    /// <inheritdoc/>
    public string ReadText(string path) => machine.ReadFile(path) ?? "";
}
