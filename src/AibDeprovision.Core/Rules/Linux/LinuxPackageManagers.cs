using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>Programs that change packages.</summary>
internal static class LinuxPackageManagers
{
    /// <summary>Their names, as the kernel keeps them: 15 characters.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "apt", "apt-get", "aptitude", "apt.systemd.dai", "dpkg", "dpkg-deb", "unattended-upgr",
        "dnf", "dnf5", "dnf-automatic", "microdnf", "tdnf", "yum", "rpm", "zypper", "Zypp-main",
    ];

    // Ubuntu always has an unattended-upgrade-shutdown, which only waits for the shutdown.
    private const string OnlyWaits = "--wait-for-signal";

    /// <summary>One that runs, by name and number; null where none does.</summary>
    public static string? Running(LinuxTree tree)
    {
        foreach (var file in tree.Find("/proc/*/status").Where(file => char.IsDigit(file["/proc/".Length])))
        {
            string name = "", state = "";
            // Its name comes first: what else stands there, the process cannot choose.
            foreach (var line in (tree.ReadText(file) ?? "").Split('\n').TakeWhile(_ => state.Length == 0))
            {
                name = name.Length == 0 && line.StartsWith("Name:", StringComparison.Ordinal) ? line.Substring(5).Trim() : name;
                state = line.StartsWith("State:", StringComparison.Ordinal) ? line.Substring(6).Trim() : state;
            }
            var folder = LinuxPath.FolderOf(file);
            if (Names.Contains(name) && state.Length > 0 && state[0] != 'Z' && tree.ReadText(folder + "/cmdline")?.IndexOf(OnlyWaits, StringComparison.Ordinal) is not >= 0)
            {
                return $"{name} (process {folder.Substring("/proc/".Length)})";
            }
        }
        return null;
    }
}
