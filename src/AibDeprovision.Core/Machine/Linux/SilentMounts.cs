using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Linux;

/// <summary>
/// The file systems below a folder of this host that do not answer, since their far end is gone: who asks one of them waits for ever.
/// Each is asked once, by a thread that is not waited for; those of the kernel, of memory and of local disks are not asked.
/// </summary>
internal sealed class SilentMounts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // As in the hardened script.
    private static readonly string[] Local =
    [
        "proc", "sysfs", "tmpfs", "ramfs", "mqueue", "debugfs", "tracefs", "securityfs", "selinuxfs", "pstore", "bpf", "configfs", "fusectl", "hugetlbfs", "autofs", "overlay",
        "rootfs", "binfmt_misc", "efivarfs", "nsfs", "rpc_pipefs", "ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "iso9660", "udf", "squashfs", "erofs", "f2fs", "zfs",
    ];

    private readonly List<string> _silent = [];

    /// <param name="root">The folder; the mounts below it and those it is on are asked.</param>
    public SilentMounts(string root)
    {
        foreach (var (place, type) in Mounts())
        {
            var isNear = (place + "/").StartsWith(root + "/", StringComparison.Ordinal) || (root + "/").StartsWith(place.TrimEnd('/') + "/", StringComparison.Ordinal);
            if (isNear && !Local.Contains(type, StringComparer.Ordinal) && !type.StartsWith("cgroup", StringComparison.Ordinal) && !type.StartsWith("dev", StringComparison.Ordinal)
                && !Holds(place) && !Answers(place))
            {
                _silent.Add(place);
            }
        }
    }

    /// <summary>Refuses a path that is on one of them.</summary>
    /// <exception cref="AibException">It is.</exception>
    public void Refuse(string path)
    {
        if (_silent.Count > 0 && Holds(path))
        {
            throw new AibException(ErrorId.ReadFailed, "the file system that it is on does not answer", "Mount it again, or unmount it.", path);
        }
    }

    private static bool Answers(string place)
    {
        var thread = new Thread(() =>
        {
            try
            {
                using var names = FolderNames.Open(place);
                _ = names.Next();
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
            {
                // That is an answer too.
            }
        })
        { IsBackground = true, Name = "AibDeprovision asks a file system" };
        thread.Start();
        return thread.Join(Patience);
    }

    private static IEnumerable<(string Place, string Type)> Mounts()
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines("/proc/mounts");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }
        foreach (var line in lines)
        {
            if (line.Split(' ') is [_, var place, var type, ..])
            {
                yield return (place.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\134", "\\"), type);
            }
        }
    }

    private bool Holds(string path) => _silent.Exists(silent => path == silent || path.StartsWith(silent + "/", StringComparison.Ordinal));
}
