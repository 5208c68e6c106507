using System.Text;
using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Scripts;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>
/// A Linux build VM whose files are real ones in a folder, changed by the product's own adapter; its programs are the
/// test's, and its time is virtual. What a build leaves on it is that of <see cref="SeededLinuxMachine"/>.
/// </summary>
internal sealed class FolderLinuxMachine : ILinuxMachine, IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly FolderClock _clock = new();

    /// <param name="files">What is on it; null for what a build leaves.</param>
    public FolderLinuxMachine(ScratchMachine? files = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is about files of Linux.");
        Directory.CreateDirectory(Root);
        (Files, Changes) = (new RootedFiles(Root), new LinuxChanges(Root));
        if (files is null)
        {
            files = new ScratchMachine();
            SeededLinuxMachine.Seed(files);
        }
        foreach (var (path, file) in files.Files)
        {
            Put(path, file);
        }
        Write("/tmp/DeprovisioningScript.sh", "exit\n");
        Write("/usr/sbin/waagent", "");
        Write("/usr/sbin/cloud-init", "");
        Programs["waagent"] = words => words.Contains("-version") ? Said("noise", "WALinuxAgent-2.15.0.1 running on scratch 1.0", "Python: 3.12.3") : Deprovision(words);
        Programs["userdel"] = words => DeleteUser(words[^1]);
        Programs["usermod"] = _ => Edit("/etc/shadow", text => Regex.Replace(text, "^root:[^:]*:", "root:*:", RegexOptions.Multiline, TimeSpan.FromSeconds(1)));
        Programs["systemctl"] = words => words.Contains("walinuxagent.service") ? new ProgramRun(5, []) : Said();
        Programs["cloud-init"] = CloudInit;
        Programs["sync"] = _ => Said();
    }

    public string Root => _scratch["machine"];

    /// <summary>Its programs, by name; each gets all words of its call.</summary>
    public Dictionary<string, Func<IReadOnlyList<string>, ProgramRun>> Programs { get; } = new(StringComparer.Ordinal);

    /// <summary>What has been called, as name and arguments.</summary>
    public List<string> Calls { get; } = [];

    public List<LinuxProcess> Running { get; } = [];

    public SimulatedClock Time => _clock.Time;

    public IClock Clock => _clock;

    public ILinuxFiles Files { get; }

    public ILinuxChanges Changes { get; set; }

    public bool IsRoot { get; set; } = true;

    public string? SudoUser { get; set; }

    public string[] Surviving => [.. SeededLinuxMachine.AllPaths().Where(path => Read(path)?.Contains(SeededLinuxMachine.Canary, StringComparison.Ordinal) == true)];

    public static ProgramRun Said(params string[] lines) => new(0, lines);

    public IEnumerable<LinuxProcess> Processes(ICollection<string> names) => Running.Where(p => names.Contains(p.Name));

    public string? FindProgram(string name) => Programs.ContainsKey(name) ? "/usr/sbin/" + name : null;

    public ProgramRun Run(IReadOnlyList<string> words, TimeSpan limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var name = words[0][(words[0].LastIndexOf('/') + 1)..];
        Calls.Add(string.Join(' ', words.Skip(1).Prepend(name)));
        var before = Time.Elapsed;
        var run = Programs.TryGetValue(name, out var program) ? program(words) : new ProgramRun(127, [$"{name}: not found"]);
        return Time.Elapsed - before > limit ? run with { TimedOut = true } : run;
    }

    public IChangeWatch Watch(Watched what) => new VirtualWatch(_clock);

    public void Write(string path, string text)
    {
        // What a link leads to is not this machine's but the test run's.
        for (var at = path; at != "/"; at = LinuxPath.FolderOf(at))
        {
            Assert.False(Files.Find(at) is { Kind: MachineFileKind.Link }, $"{at} is a link.");
        }
        Directory.CreateDirectory(Root + LinuxPath.FolderOf(path));
        File.WriteAllText(Root + path, text);
    }

    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Root + LinuxPath.FolderOf(path));
        File.CreateSymbolicLink(Root + path, target);
    }

    public string? Read(string path) => File.Exists(Root + path) ? File.ReadAllText(Root + path) : null;

    public string? Target(string path) => new FileInfo(Root + path).LinkTarget;

    /// <summary>Whether there is something at a path, be it a link into nowhere.</summary>
    public bool Exists(string path) => Files.Find(path) is not null;

    public void Delete(string path) => Changes.Remove(path);

    public ProgramRun Edit(string path, Func<string, string> edit)
    {
        Write(path, edit(Read(path)!));
        return Said();
    }

    /// <summary>Every file with its text, and links with what they say, in the folders that matter.</summary>
    public SortedDictionary<string, string> Snapshot()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, file) in SeededLinuxMachine.Folders.SelectMany(folder => new LinuxTree(Files).Below(folder, withMounts: true)))
        {
            all[path] = file.Kind == MachineFileKind.Link ? Files.TargetOf(path)! : File.ReadAllText(Root + path);
        }
        return all;
    }

    /// <summary>Whether no program deletes a user.</summary>
    public bool KeepsUsers { get; set; }

    /// <summary>Lets waagent do something else in place of its deprovisioning.</summary>
    public void OnDeprovision(Func<IReadOnlyList<string>, ProgramRun> deprovision)
    {
        var agent = Programs["waagent"];
        Programs["waagent"] = words => words.Contains("-version") ? agent(words) : deprovision(words);
    }

    public void Dispose() => _scratch.Dispose();

    // As waagent does it: without ovf-env.xml it says so, keeps the user and exits 0.
    public ProgramRun Deprovision(IReadOnlyList<string> words)
    {
        List<string> said = ["WARNING! The waagent service will be stopped."];
        if (words[^1] == "-deprovision+user")
        {
            var user = Regex.Match(Read("/var/lib/waagent/ovf-env.xml") ?? "", "UserName>([^<]*)<", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value.Trim();
            if (user.Length > 0)
            {
                said.Add($"WARNING! {user} account and entire home directory will be deleted.");
                DeleteUser(user);
                if (Read("/etc/sudoers.d/waagent") is not null)
                {
                    Edit("/etc/sudoers.d/waagent", text => string.Concat(text.Split('\n').Where(line => line.Length > 0 && !line.Contains(user, StringComparison.Ordinal)).Select(line => line + "\n")));
                }
            }
            else
            {
                said.AddRange(["WARNING! ovf-env.xml is not found.", "WARNING! Skip delete user."]);
            }
        }
        foreach (var path in (string[])["/var/lib/waagent", "/var/log/waagent.log", "/root/.bash_history", "/etc/resolv.conf"])
        {
            new LinuxChanges(Root).Remove(path);
        }
        Directory.CreateDirectory(Root + "/var/lib/waagent");
        return Said([.. said]);
    }

    private ProgramRun DeleteUser(string name)
    {
        if (KeepsUsers)
        {
            return new ProgramRun(1, []);
        }
        foreach (var file in (string[])["/etc/passwd", "/etc/shadow"])
        {
            Edit(file, text => string.Concat(text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith(name + ":", StringComparison.Ordinal)).Select(line => line + "\n")));
        }
        new LinuxChanges(Root).Remove("/home/" + name);
        new LinuxChanges(Root).Remove("/var/mail/" + name);
        return Said();
    }

    private ProgramRun CloudInit(IReadOnlyList<string> words)
    {
        if (words.Contains("status"))
        {
            return Said("status: " + (Read("/cloud-init-status") ?? "running"));
        }
        foreach (var path in (string[])["/var/lib/cloud/instance", "/var/lib/cloud/instances", "/var/lib/cloud/data", .. words.Contains("--logs") ? (string[])["/var/log/cloud-init.log"] : []])
        {
            new LinuxChanges(Root).Remove(path);
        }
        return Said();
    }

    private void Put(string path, MachineFile file)
    {
        switch (file.Kind)
        {
            case MachineFileKind.Folder:
                Directory.CreateDirectory(Root + path);
                break;
            case MachineFileKind.Link:
                Link(path, file.Target!);
                break;
            default:
                Write(path, Encoding.UTF8.GetString(file.Content));
                break;
        }
    }

    /// <summary>Time that passes only in waits; on the wall it is now, as the files of the folder have it.</summary>
    private sealed class FolderClock : IClock
    {
        public SimulatedClock Time { get; } = new();

        public TimeSpan Elapsed => Time.Elapsed;

        public DateTime UtcNow => DateTime.UtcNow;

        public void Delay(TimeSpan time, CancellationToken cancel) => Time.Delay(time, cancel);
    }

    /// <summary>Notices nothing, so it waits as long as it may.</summary>
    private sealed class VirtualWatch(IClock clock) : IChangeWatch
    {
        public void Wait(TimeSpan atMost, CancellationToken cancel) => clock.Delay(atMost, cancel);

        public void Dispose()
        {
        }
    }
}
