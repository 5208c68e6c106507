using System.Diagnostics;
using System.Globalization;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>
/// A throw-away build VM of the Linux bed (tests/beds/linux-case.sh), seeded as a build leaves it. Any command can be run
/// in it, one after the other, and everything can be looked at in between; with it goes all that has happened.
/// </summary>
public sealed class BedMachine : IDisposable
{
    /// <summary>The text that every trace of the build holds.</summary>
    public const string Canary = "CANARY-7f3a";

    /// <summary>The machine-id of the build VM.</summary>
    public const string MachineId = "0123456789abcdef0123456789abcdef";

    /// <summary>Where Azure Image Builder has the deprovision script.</summary>
    public const string ScriptPath = "/tmp/DeprovisioningScript.sh";

    private static readonly string[] CleanEnvironment =
    [
        "env", "-i", "HOME=/root", "LANG=C.UTF-8", "SUDO_USER=packer",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ];

    private readonly Process process;
    private readonly string pid;
    private readonly string folder;

    private BedMachine(Process process, string pid, string folder)
    {
        this.process = process;
        this.pid = pid;
        this.folder = folder;
    }

    /// <summary>Makes a machine; skips the test where there can be none.</summary>
    /// <param name="before">sh commands run in it after the seed: what is special about this machine.</param>
    /// <param name="mounts">Folders of this machine and where they are shown in it, as FROM:TO.</param>
    /// <param name="size">The space for all that is written, in the notation of tmpfs.</param>
    /// <param name="suite">The release of Debian; null for the bed's own.</param>
    public static BedMachine Start(string before = "", IEnumerable<string>? mounts = null, string size = "512m", string? suite = null)
    {
        Bed.Require();
        var holder = BedProcess.Start(
            [Bed.Script("linux-case.sh"), "-s", size, "-b", before.ReplaceLineEndings("\n"), .. (mounts ?? []).SelectMany(m => (string[])["-m", m])],
            suite is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["AIB_BED_SUITE"] = suite });
        // What the preparation prints comes first.
        var printed = "";
        while (holder.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                return new BedMachine(holder, line.Split(' ')[1], line.Split(' ')[2]);
            }
            printed += line + "\n";
        }
        using (holder)
        {
            throw new InvalidOperationException($"The machine could not be made.\n{printed}{holder.StandardError.ReadToEnd()}");
        }
    }

    /// <summary>The machine's root folder, for what runs beside it.</summary>
    public string Root => folder + "/root";

    /// <summary>Runs a command in the machine, as root and with a fresh environment.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="limit">The longest that it may take; five minutes unless told.</param>
    /// <param name="input">What it reads from standard input.</param>
    public BedRun Run(IReadOnlyList<string> command, TimeSpan? limit = null, string input = "") =>
        RunBeside([.. CleanEnvironment, "chroot", Root, .. command], limit, input);

    /// <summary>Runs sh commands in the machine, which have to succeed.</summary>
    public string Sh(string commands, string input = "")
    {
        var run = Run(["sh", "-c", commands.ReplaceLineEndings("\n")], null, input);
        Assert.True(run.ExitCode == 0, run.ToString());
        return string.Join('\n', run.Output);
    }

    /// <summary>Puts a script where Azure Image Builder has it, and runs it as Azure Image Builder does.</summary>
    public BedRun RunScript(string script, TimeSpan? limit = null)
    {
        Sh($"cat >{ScriptPath}", script);
        return Run(["sh", ScriptPath], limit);
    }

    /// <summary>Runs a program of this machine in the namespaces of the other one: same network, processes and mounts.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="limit">The longest that it may take; five minutes unless told.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="environment">Variables besides those of the test run.</param>
    public BedRun RunBeside(
        IReadOnlyList<string> command, TimeSpan? limit = null, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var time = limit ?? TimeSpan.FromMinutes(5);
        return BedProcess.Run(
            [
                "nsenter", "--target", pid, "--mount", "--uts", "--ipc", "--pid", "--net", "--",
                "timeout", "-k", "5", time.TotalSeconds.ToString(CultureInfo.InvariantCulture), .. command,
            ],
            time + TimeSpan.FromSeconds(10), input, environment);
    }

    /// <summary>Runs a build with Packer, in the order of Azure Image Builder, that installs a script; its output is customization.log.</summary>
    public BedRun Build(string script)
    {
        Bed.Require("packer");
        return RunBeside(["bash", Bed.Script("linux-packer.sh"), folder], null, script);
    }

    /// <summary>The same with the lines of an inline customizer in the place of a script.</summary>
    /// <param name="lines">The lines, as a JSON array.</param>
    public BedRun BuildInline(string lines)
    {
        Bed.Require("packer");
        return RunBeside(["bash", Bed.Script("linux-packer.sh"), folder, "inline"], null, lines);
    }

    /// <summary>
    /// Boots what has become of the machine's disk as a new machine, with cloud-init's NoCloud data for it, and waits until
    /// it has shut itself down. Skips the test where systemd-nspawn cannot boot. Afterwards only files can be looked at.
    /// </summary>
    /// <param name="commands">sh commands that systemd runs as a service, in place of cloud-init; null for none.</param>
    public BedRun Boot(string? commands = null)
    {
        Bed.Require("systemd-nspawn");
        var prepared = RunBeside(["bash", Bed.Script("linux-next-boot.sh"), Root, .. commands is null ? (string[])[] : [commands.ReplaceLineEndings("\n")]]);
        Assert.True(prepared.ExitCode == 0, prepared.ToString());
        var trial = RunNspawn("true");
        Bed.SkipUnless(trial.ExitCode == 0, "systemd-nspawn does not work here: " + trial);
        return RunNspawn("--boot");
    }

    /// <summary>The files that still hold a trace of the build. All traces were written into the upper layer.</summary>
    public string[] Remaining()
    {
        var run = RunBeside(["sh", "-c", $"cd '{folder}/upper' && grep -rlaF -D skip {Canary} . | cut -c 2-"]);
        return [.. run.Output.Order(StringComparer.Ordinal)];
    }

    /// <summary>All that was changed since the root was built: path, kind, mode, owner and content.</summary>
    public string[] Snapshot()
    {
        const string Look = """
            cd "$0" || exit 1
            find . -printf '%P %y %m %U %G %l\n'
            find . -type f -exec sha256sum {} +
            """;
        return [.. RunBeside(["sh", "-c", Look.ReplaceLineEndings("\n"), folder + "/upper"]).Output.Order(StringComparer.Ordinal)];
    }

    /// <summary>The text of a file, or null where there is none.</summary>
    public string? Read(string path)
    {
        var run = Run(["cat", "--", path]);
        return run.ExitCode == 0 ? string.Join('\n', run.Output) : null;
    }

    /// <summary>Whether there is something at a path, be it a link into nowhere.</summary>
    public bool Exists(string path) => Run(["sh", "-c", "[ -e \"$0\" ] || [ -L \"$0\" ]", path]).ExitCode == 0;

    /// <summary>It needs the control groups and the processes as this machine sees them, and mounts and network of the other one.</summary>
    private BedRun RunNspawn(string what) => BedProcess.Run(
        [
            "nsenter", "--target", pid, "--mount", "--net", "--", "timeout", "-k", "5", "90", "systemd-nspawn", "--quiet", "--register=no",
            "--keep-unit", "--network-veth", "--console=pipe", "--machine=aib-bed-" + pid, "--directory=" + Root, what,
        ],
        TimeSpan.FromSeconds(100));

    /// <summary>Ends everything that runs in the machine.</summary>
    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
