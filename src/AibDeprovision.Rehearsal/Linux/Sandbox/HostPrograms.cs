using System.Text;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>
/// What a <see cref="LinuxSandbox"/> lends of its host, the libraries read-only, and copies of a fixed list of programs, so that a
/// script meets the same commands on every host. Anything else that a machine is to have is a stub.
/// </summary>
internal sealed class HostPrograms
{
    /// <summary>Where the machine has the copies.</summary>
    public const string Folder = "/opt/host";

    private static readonly string[] Names =
    [
        "[", "awk", "base64", "basename", "bash", "busybox", "cat", "chgrp", "chmod", "chown", "cksum", "cmp", "comm", "cp",
        "cut", "dash", "date", "dd", "df", "diff", "dirname", "du", "echo", "egrep", "env", "expand", "expr", "false", "fgrep",
        "find", "findmnt", "flock", "fold", "getopt", "grep", "groups", "gunzip", "gzip", "head", "hostname", "id", "install",
        "join", "kill", "link", "ln", "ls", "md5sum", "mkdir", "mkfifo", "mktemp", "mount", "mountpoint", "mv", "nice", "nl",
        "nohup", "nproc", "od", "paste", "pgrep", "pkill", "printenv", "printf", "ps", "pwd", "readlink", "realpath", "renice",
        "rev", "rm", "rmdir", "sed", "seq", "setpriv", "setsid", "sh", "sha1sum", "sha256sum", "sha512sum", "shred", "shuf", "sleep",
        "sort", "split", "stat", "stdbuf", "sum", "tac", "tail", "tar", "tee", "test", "timeout", "touch", "tr", "true",
        "truncate", "tty", "umount", "uname", "uniq", "unlink", "unshare", "wc", "which", "who", "whoami", "xargs", "yes",
    ];

    private static readonly string[] LibraryFolders =
        ["/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/lib", "/lib32", "/lib64"];

    private static readonly Lazy<HostPrograms> Found = new(() => new());

    private readonly Dictionary<string, string> links = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> mounts = new(StringComparer.Ordinal);
    private readonly SortedSet<string> programs = new(StringComparer.Ordinal);

    private HostPrograms()
    {
        foreach (var folder in LibraryFolders.Where(Directory.Exists))
        {
            // Where /usr is merged, /lib is a link there and here.
            if (RealPath(folder) is var real && real != folder)
            {
                links[folder] = real;
            }
            else
            {
                mounts[folder] = folder;
            }
        }
        foreach (var name in Names)
        {
            if (Find(name) is { } path)
            {
                // A program may be a link into /etc/alternatives, which the machine does not have.
                var real = RealPath(path);
                programs.Add(real);
                links["/usr/bin/" + name] = Folder + real;
            }
        }
    }

    /// <summary>What there is on this host.</summary>
    public static HostPrograms OfThisHost => Found.Value;

    /// <summary>The programs, each by its real path. The machine has copies of them below <see cref="Folder"/>, and of nothing that stands beside them.</summary>
    public IEnumerable<string> Programs => programs;

    /// <summary>Folders of the host, by the path at which the machine has them.</summary>
    public IReadOnlyDictionary<string, string> Mounts => mounts;

    /// <summary>Where the host has a program; null when it has none. Not by PATH, which anybody may have set.</summary>
    public static string? Find(string name) =>
        Array.Find([$"/usr/bin/{name}", $"/bin/{name}", $"/usr/sbin/{name}", $"/sbin/{name}"], File.Exists);

    /// <summary>Gives the programs to a machine that has none of that name at their place.</summary>
    public void AddTo(ScratchMachine machine)
    {
        machine.AddFolder("/usr/bin");
        machine.AddFolder("/usr/sbin");
        foreach (var pair in links.Concat([new("/bin", "usr/bin"), new("/sbin", "usr/sbin")]).Where(pair => !machine.Exists(pair.Key)))
        {
            machine.WriteLink(pair.Key, pair.Value);
        }
        foreach (var folder in mounts.Keys.Append(Folder))
        {
            machine.AddFolder(folder);
        }
    }

    private static string RealPath(string path)
    {
        var resolved = new byte[4096];
        return Libc.Realpath(Encoding.UTF8.GetBytes(path + "\0"), resolved) == IntPtr.Zero
            ? path
            : Encoding.UTF8.GetString(resolved, 0, Array.IndexOf(resolved, (byte)0));
    }
}
