using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>The units of systemd, by their files: what would run, without asking a systemd that an image has not.</summary>
internal sealed class LinuxUnits(LinuxTree tree)
{
    // What /etc says stands before the rest.
    private static readonly string[] Folders = ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>The file of a unit; null where there is none.</summary>
    public string? FileOf(string unit) => Folders.Select(folder => $"{folder}/{unit}").FirstOrDefault(file => tree.Find(file).Any());

    /// <summary>The files that add to a unit.</summary>
    public IEnumerable<string> DropInsOf(string unit) => Folders.SelectMany(folder => tree.Find($"{folder}/{unit}.d/*.conf"));

    /// <summary>Whether it cannot run: its file is empty, or a link to /dev/null.</summary>
    public bool IsMasked(string unit) => FileOf(unit) is { } file && !(tree.Follow(file) is { } place && tree.FileAt(place) is { Kind: MachineFileKind.File, Size: > 0 });

    /// <summary>Whether another unit wants it: that is what 'enabled' comes to.</summary>
    /// <param name="unit">Its name; a * stands for any instance.</param>
    public bool IsWanted(string unit) => Folders.Any(folder => tree.Find($"{folder}/*.wants/{unit}").Any() || tree.Find($"{folder}/*.requires/{unit}").Any());
}
