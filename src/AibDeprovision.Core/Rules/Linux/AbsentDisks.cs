using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// The disks that an image has of its own for folders in which residue is looked for, and that are not mounted where it is
/// looked at: with the root disk alone, /var or /home is an empty folder that says nothing.
/// </summary>
internal static class AbsentDisks
{
    // Those of other machines and of memory are not part of the image.
    private static readonly string[] OtherTypes = ["swap", "tmpfs", "nfs", "nfs4", "cifs"];
    private static readonly string[] Folders = ["/etc", "/home", "/root", "/srv", "/tmp", "/usr", "/var"];

    /// <summary>The mount points of /etc/fstab (fstab(5)) below which nothing can be looked at here.</summary>
    public static IEnumerable<string> Of(LinuxTree tree, LinuxAccounts accounts)
    {
        var root = tree.FileAt("/")?.FileSystem;
        foreach (var (_, text) in tree.LinesOf("/etc/fstab"))
        {
            if (text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is not [var device, var folder, var type, ..] fields || device[0] == '#'
                || OtherTypes.Contains(type, StringComparer.Ordinal) || (fields.Length > 3 && fields[3].Split(',').Contains("noauto"))
                || !Matters(folder, accounts))
            {
                continue;
            }
            var place = tree.Follow(folder);
            var isMounted = place is not null && tree.FileAt(place)?.FileSystem != root;
            if (!isMounted && (place is null || !tree.Find(place, "*").Any()))
            {
                yield return folder;
            }
        }
    }

    private static bool Matters(string folder, LinuxAccounts accounts) =>
        Folders.Any(f => folder == f || IsBelow(folder, f)) || accounts.Homes().Any(home => home == folder || IsBelow(home, folder));

    private static bool IsBelow(string path, string folder) => folder != "/" && path.StartsWith(folder + "/", StringComparison.Ordinal);
}
