using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AibDeprovision.Tests.Scripts;

/// <summary>
/// A throw-away Linux machine in a folder: a root with its own /etc, /var, /run, /tmp, /home and /root, in which a
/// script runs as root without being able to reach anything of the host.
/// <para>
/// Each run has its own user, mount, process, network, host name and IPC namespaces. The host's libraries and a fixed
/// list of its programs are mounted read-only, the host's root is unmounted before the script starts, and the script
/// runs in a further user namespace, in which the read-only mounts cannot be made writable again.
/// </para>
/// </summary>
public sealed class LinuxScratchRoot : IDisposable
{
    /// <summary>What the script may use of the host. Anything else that a test needs is a stub.</summary>
    private static readonly string[] HostTools =
    [
        "sh", "dash", "bash", "busybox", "awk", "basename", "cat", "chmod", "cp", "cut", "date", "dirname", "env", "expr",
        "false", "find", "grep", "head", "id", "kill", "ln", "ls", "mkdir", "mkfifo", "mktemp", "mount", "mv", "printf",
        "pwd", "readlink", "rm", "rmdir", "sed", "setsid", "sleep", "sort", "stat", "tail", "tee", "test", "timeout",
        "touch", "tr", "true", "umount", "uname", "unshare", "wc", "xargs",
    ];

    private static readonly string[] HostFolders = ["/usr/bin", "/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/lib", "/lib32", "/lib64"];

    private static readonly string[] OwnFolders =
    [
        "boot", "dev", "etc", "home", "opt", "proc", "root", "run", "tmp", "usr/bin", "usr/sbin", "usr/share", "var/lib",
        "var/log", "var/mail", "var/spool", "var/tmp",
    ];

    /// <summary>Runs on the host's side, as the first process of the namespaces; ends up inside the scratch root.</summary>
    private const string Setup = """
        set -eu
        root=$1 map=$2
        shift 2
        hostname scratch 2>/dev/null || true
        mount --bind "$root" "$root"
        cd "$root"
        while read -r source target; do
            mkdir -p ".$target"
            mount --bind "$source" ".$target"
            mount -o remount,bind,ro ".$target"
        done <host-mounts
        rm host-mounts
        if [ -d usr/lib/systemd ]; then mount -t tmpfs -o ro none usr/lib/systemd; fi
        mount -t tmpfs -o mode=755,size=1m none dev
        for device in null zero random urandom; do
            : >"dev/$device"
            mount --bind "/dev/$device" "dev/$device"
        done
        mount -t proc proc proc
        mkdir -p .host
        PATH="$PATH:/usr/sbin:/sbin" pivot_root . .host
        cd /
        umount -l /.host
        rmdir /.host
        ulimit -f 262144 # 128 MB a file
        unshare --user $map --mount -- "$@"
        exit $?
        """;

    private static readonly Lazy<string?> Probed = new(Probe);

    private readonly HashSet<string> mounts = new(StringComparer.Ordinal);

    /// <summary>Makes the folder. Nothing runs yet.</summary>
    public LinuxScratchRoot()
    {
        FolderPath = Directory.CreateTempSubdirectory("scratch-root-").FullName;
        foreach (string folder in OwnFolders)
        {
            Directory.CreateDirectory(HostPath("/" + folder));
        }

        foreach (string folder in HostFolders)
        {
            AddHostFolder(folder);
        }

        foreach (string tool in HostTools)
        {
            AddHostTool(tool);
        }

        if (!Path.Exists(HostPath("/sbin")))
        {
            File.CreateSymbolicLink(HostPath("/sbin"), "usr/sbin");
        }
    }

    /// <summary>Why scripts cannot be run this way on this machine; null when they can.</summary>
    public static string? Unavailable => Probed.Value;

    /// <summary>The folder, as the host sees it.</summary>
    public string FolderPath { get; }

    /// <summary>Whether the host has the shell.</summary>
    /// <param name="shell">A shell with its options, for example "busybox sh".</param>
    public static bool HasShell(string shell)
    {
        ArgumentNullException.ThrowIfNull(shell);
        return FindHostTool(shell.Split(' ')[0]) is not null;
    }

    /// <summary>Where the host sees a path of the scratch root. Only for paths that the script cannot have changed into links.</summary>
    /// <param name="path">An absolute path inside.</param>
    public string HostPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith('/') || path.Split('/').Contains("..", StringComparer.Ordinal))
        {
            throw new ArgumentException($"'{path}' is not a plain absolute path.", nameof(path));
        }

        return FolderPath + path;
    }

    /// <summary>Writes a file with its folders, readable and writable by its owner.</summary>
    /// <param name="path">An absolute path inside.</param>
    /// <param name="content">The text; line ends as given.</param>
    public void WriteFile(string path, string content)
    {
        string file = HostPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Writes a program. Programs in /usr/sbin come before those of the host.</summary>
    /// <param name="path">A name for /usr/sbin, or an absolute path inside.</param>
    /// <param name="body">The sh script, without its first line.</param>
    public void WriteCommand(string path, string body)
    {
        ArgumentNullException.ThrowIfNull(path);
        string inside = path.StartsWith('/') ? path : "/usr/sbin/" + path;
        WriteFile(inside, "#!/bin/sh\n" + body.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(HostPath(inside), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>Makes a symbolic link with its folders.</summary>
    /// <param name="path">An absolute path inside.</param>
    /// <param name="target">What it points to, as seen inside.</param>
    public void WriteLink(string path, string target)
    {
        string file = HostPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.CreateSymbolicLink(file, target);
    }

    /// <summary>Whether there is a file, a folder or a link, even one that points nowhere.</summary>
    /// <param name="path">An absolute path inside.</param>
    public bool Exists(string path)
    {
        var file = new FileInfo(HostPath(path));
        return file.Exists || file.LinkTarget is not null || Directory.Exists(file.FullName);
    }

    /// <summary>The text of a file; null when there is none. Links are not followed.</summary>
    /// <param name="path">An absolute path inside.</param>
    public string? ReadFile(string path)
    {
        var file = new FileInfo(HostPath(path));
        return file.Exists && file.LinkTarget is null ? File.ReadAllText(file.FullName) : null;
    }

    /// <summary>What a link points to; null when the path is no link.</summary>
    /// <param name="path">An absolute path inside.</param>
    public string? ReadLink(string path) => new FileInfo(HostPath(path)).LinkTarget;

    /// <summary>Writes the script where Azure Image Builder has it and runs it to its end or to the limit.</summary>
    /// <param name="script">The text of the script.</param>
    /// <param name="shell">The shell with its options, for example "bash --posix".</param>
    /// <param name="options">Limits and surroundings; null for the defaults.</param>
    public LinuxScratchRun Run(string script, string shell, LinuxScratchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(shell);
        options ??= new LinuxScratchOptions();
        WriteFile(options.ScriptPath, script);
        return Start([.. shell.Split(' '), options.ScriptPath], options);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(FolderPath))
        {
            Directory.Delete(FolderPath, recursive: true);
        }
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Scratch roots need Linux.";
        }

        foreach (string tool in (string[])["unshare", "mount"])
        {
            if (FindHostTool(tool) is null)
            {
                return $"Scratch roots need the program '{tool}'.";
            }
        }

        using var root = new LinuxScratchRoot();
        LinuxScratchRun run = root.Run("echo inside\n", "sh");
        return run.ExitCode == 0 && run.Output is ["inside"]
            ? null
            : $"Scratch roots need namespaces, which this machine does not give (exit code {run.ExitCode}): {run.Error.Trim()}";
    }

    private static string? FindHostTool(string name) =>
        Array.Find([$"/usr/bin/{name}", $"/bin/{name}"], File.Exists);

    /// <summary>Follows every link: a tool may be one into /etc/alternatives, which the scratch root does not have.</summary>
    private static string RealPath(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private void AddHostFolder(string folder)
    {
        var host = new DirectoryInfo(folder);
        if (!host.Exists)
        {
            return;
        }

        if (host.LinkTarget is string target)
        {
            // Merged /usr: /bin and /lib are links there and here.
            File.CreateSymbolicLink(HostPath(folder), target);
        }
        else if (folder.EndsWith("/bin", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(HostPath(folder));
        }
        else
        {
            mounts.Add($"{folder} {folder}");
        }
    }

    private void AddHostTool(string name)
    {
        if (FindHostTool(name) is not string path)
        {
            return;
        }

        string real = RealPath(path);
        string folder = Path.GetDirectoryName(real)!;
        mounts.Add($"{folder} /opt/host{folder}");
        File.CreateSymbolicLink(HostPath("/usr/bin/" + name), "/opt/host" + real);
        string direct = HostPath("/bin/" + name);
        if (!Path.Exists(HostPath("/bin")) || new DirectoryInfo(HostPath("/bin")).LinkTarget is not null)
        {
            return;
        }

        File.CreateSymbolicLink(direct, "/opt/host" + real);
    }

    private LinuxScratchRun Start(string[] command, LinuxScratchOptions options)
    {
        WriteFile("/host-mounts", string.Concat(mounts.Select(mount => mount + "\n")));
        var start = new ProcessStartInfo(FindHostTool("unshare") ?? "unshare")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = FolderPath,
        };
        string[] arguments =
        [
            "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child", "--net", "--uts", "--ipc", "--",
            "sh", "-c", Setup, "setup", FolderPath, options.AsRoot ? "--map-root-user" : "",
        ];
        foreach (string argument in arguments.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = "/root";
        foreach ((string name, string value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("unshare could not be started.");
        process.StandardInput.Close();
        var output = new BoundedText(process, options.OutputLimit);
        var error = new BoundedText(process, options.OutputLimit);
        Task reading = Task.WhenAll(output.ReadAsync(process.StandardOutput), error.ReadAsync(process.StandardError));
        var watch = Stopwatch.StartNew();
        bool timedOut = !process.WaitForExit(options.TimeLimit);
        if (timedOut)
        {
            // The namespace's first process dies with unshare, and everything in it with that process.
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        reading.Wait(TimeSpan.FromSeconds(10));
        return new LinuxScratchRun
        {
            ExitCode = process.ExitCode,
            Output = SplitLines(output.Text),
            Error = error.Text,
            TimedOut = timedOut,
            OutputLimitReached = output.LimitReached || error.LimitReached,
            Duration = watch.Elapsed,
        };
    }

    private static string[] SplitLines(string text) =>
        text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    /// <summary>Collects a stream up to a limit; ends the process when it writes more.</summary>
    private sealed class BoundedText(Process process, int limit)
    {
        private readonly StringBuilder text = new();

        public bool LimitReached { get; private set; }

        public string Text
        {
            get
            {
                lock (text)
                {
                    return text.ToString();
                }
            }
        }

        public async Task ReadAsync(StreamReader reader)
        {
            char[] buffer = new char[4096];
            int count;
            while ((count = await reader.ReadAsync(buffer)) > 0)
            {
                lock (text)
                {
                    text.Append(buffer, 0, Math.Min(count, limit - text.Length));
                    LimitReached = text.Length >= limit;
                }

                if (LimitReached)
                {
                    process.Kill(entireProcessTree: true);
                    return;
                }
            }
        }
    }
}

/// <summary>Limits and surroundings of a run in a <see cref="LinuxScratchRoot"/>.</summary>
public sealed record LinuxScratchOptions
{
    /// <summary>The wall-clock time after which everything in the scratch root is killed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The number of characters, per stream, after which everything in the scratch root is killed.</summary>
    public int OutputLimit { get; init; } = 1_000_000;

    /// <summary>Whether the script believes to be root; otherwise it is nobody.</summary>
    public bool AsRoot { get; init; } = true;

    /// <summary>Where the script lies when it is run.</summary>
    public string ScriptPath { get; init; } = "/tmp/DeprovisioningScript.sh";

    /// <summary>Environment variables besides PATH and HOME.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What came of a run in a <see cref="LinuxScratchRoot"/>.</summary>
public sealed record LinuxScratchRun
{
    /// <summary>The exit code of the script, or of what failed to start it.</summary>
    public int ExitCode { get; init; }

    /// <summary>The lines of standard output.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>The text of standard error.</summary>
    public string Error { get; init; } = "";

    /// <summary>Whether the run was ended by its time limit.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Whether the run was ended because it wrote too much.</summary>
    public bool OutputLimitReached { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Everything at once, for the message of a failed test.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode} after {Duration.TotalSeconds:0.0} s{(TimedOut ? " (time limit)" : "")}\n{string.Join('\n', Output)}\n--- standard error\n{Error}");
}
