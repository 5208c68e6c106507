using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// Files that belong to the number of an account that is gone, wherever they are on the machine's own disks. What an archive that
/// was unpacked as root has brought looks the same and is meant for the image, so no deprovision decides that it may go.
/// </summary>
internal sealed class OrphanedFiles(LinuxTree tree, LinuxAccounts accounts, ResidueReport report)
{
    /// <summary>That they are there.</summary>
    public static readonly ResidueRule Rule = new("OrphanFilesElsewhere", "Files of a number without an account", Severity.Warning,
        "A file or folder belongs to a number that no account has: the next user who is made may get that number, and owns it.", "Give it to root or to an account of the image (chown -R), or remove it. Archives that are unpacked as root keep such numbers: tar --no-same-owner.", Certainty.Likely) { Cleaning = ResidueCleaning.Told };

    // Where people and packages put what is large enough for a disk of its own.
    private static readonly string[] Disks = ["/boot", "/data", "/home", "/opt", "/srv", "/usr", "/usr/local", "/var", "/var/lib", "/var/log", "/var/tmp", "/tmp"];

    // Of the disks of a running machine; the files of other machines are not the image's, and what is mounted read-only no build has written.
    private static readonly string[] LocalTypes = ["ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "overlay"];

    /// <summary>Looks. What an earlier rule has named is not named again.</summary>
    public void Check(CancellationToken cancel)
    {
        var persons = new HashSet<uint>(accounts.All.Select(account => account.Id).OfType<uint>());
        foreach (var path in Places().SelectMany(place => tree.OwnedBelow(place, owner => LinuxAccounts.IsPerson(owner) && !persons.Contains(owner), cancel)))
        {
            report.Claim(Rule, path);
        }
    }

    private IEnumerable<string> Places()
    {
        var others = new HashSet<string>(tree.LinesOf("/proc/mounts").Select(line => line.Text.Split(' ')).Where(field => field.Length > 3 && (!LocalTypes.Contains(field[2], StringComparer.Ordinal) || field[3].Split(',').Contains("ro"))).Select(field => field[1]), StringComparer.Ordinal);
        var seen = new HashSet<ulong>();
        foreach (var place in Disks.Prepend("/"))
        {
            // Only once where a folder is on the disk of another one, or a link to it.
            if ((place == "/" || !others.Contains(place)) && tree.Follow(place) is { } real && tree.FileAt(real) is { Kind: MachineFileKind.Folder } folder && seen.Add(folder.FileSystem))
            {
                yield return real;
            }
        }
    }
}
