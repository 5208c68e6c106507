using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Stubs;
using AibDeprovision.Rehearsal.Linux.Time;
using AibDeprovision.Rehearsal.Worker;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>
/// Runs a command as root of a throw-away Linux machine, from which it can reach nothing of the host.
/// <para>
/// Each run has its own user, mount, process, network, host name and IPC namespaces. Its disk is a file system in memory
/// with a limit; the host's libraries and a fixed list of its programs are in it read-only. Root of the machine is on the
/// host the user who runs this, and for root a user without any rights. The command is in a user namespace below that of
/// the mounts, so it cannot undo them. Memory, processes, output and time are bounded.
/// </para>
/// </summary>
internal static class LinuxSandbox
{
    /// <summary>What the machine's files may come to, as an archive.</summary>
    private const int ArchiveLimit = 128 << 20;

    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest between two looks, in milliseconds. A look costs the machine time that it looks at.</summary>
    private const int LongestPause = 5;

    private static readonly Lazy<string?> Probed = new(() => Probe(HostPrograms.Find));

    /// <summary>Why commands cannot be run this way on this host; null when they can.</summary>
    public static string? Unavailable => Probed.Value;

    /// <summary>Runs a command to its end or to one of the limits.</summary>
    /// <param name="machine">The machine. When the command ends by itself, the machine is as it has left it, without what was only mounted.</param>
    /// <param name="command">A program inside, and its arguments.</param>
    /// <param name="options">Limits and surroundings.</param>
    /// <param name="cancellation">Kills everything in the sandbox.</param>
    public static SandboxRun Run(ScratchMachine machine, IReadOnlyList<string> command, SandboxOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        PrepareFolders(machine, options);
        var watch = Stopwatch.StartNew();
        try
        {
            return RunIn(machine, command, options, cancellation) with { Duration = watch.Elapsed };
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return new(SandboxEnd.Broken) { Reason = e.Message, Duration = watch.Elapsed };
        }
    }

    private static SandboxRun RunIn(ScratchMachine machine, IReadOnlyList<string> command, SandboxOptions options, CancellationToken cancellation)
    {
        using var folder = SandboxFolder.Create(machine, options.VirtualTimeLimit is not null);
        using var clock = options.VirtualTimeLimit is null ? null : new VirtualClock(folder.ClockPath);
        using var process = SandboxLaunch.Start(folder, command, options);
        var output = new SandboxOutput(process.StandardOutput.BaseStream, options.OutputLimit);
        var report = new SandboxOutput(process.StandardError.BaseStream, ArchiveLimit);
        SandboxRun run;
        try
        {
            run = Watch(process, clock, output, options, cancellation);
        }
        finally
        {
            // The first process of the namespaces dies with this one, and everything in them with that, though not at
            // once: the streams end when the last that could write to them is gone.
            if (!process.HasExited)
            {
                process.Kill();
            }
            process.WaitForExit();
            output.WaitForEnd(TimeSpan.FromSeconds(5));
            report.WaitForEnd(TimeSpan.FromSeconds(5));
        }
        if (run.End == SandboxEnd.Exited)
        {
            run = ReadReport(report, machine) with { AgentCalls = run.AgentCalls };
        }
        return run with { Output = output.Text, VirtualTime = clock?.Elapsed ?? TimeSpan.Zero };
    }

    /// <summary>Looks for what is needed, and then tries it: runs a program that sleeps, in the machine's own time.</summary>
    internal static string? Probe(Func<string, string?> findProgram)
    {
        if (Host.Platform != DeprovisionPlatform.Linux)
        {
            return "The throw-away machine for Linux scripts needs Linux.";
        }
        string[] needed = ["unshare", "mount", "umount", "pivot_root", "prlimit", "tar", "mkfifo", "setpriv", .. SandboxLaunch.WithoutRights().Take(1)];
        if (Array.Find(needed, program => findProgram(program) is null) is { } missing)
        {
            return $"The throw-away machine for Linux scripts needs the program '{missing}'.";
        }
        if (!ProcessTable.IsAvailable)
        {
            return "The throw-away machine for Linux scripts needs a /proc that lists the children of a process.";
        }
        var machine = new ScratchMachine();
        machine.WriteProgram("/usr/bin/sleep", Stub.Load("sleep"));
        var run = Run(machine, ["sh", "-c", "sleep 5 && echo inside"], new() { VirtualTimeLimit = TimeSpan.FromMinutes(1) }, CancellationToken.None);
        return run is { End: SandboxEnd.Exited, ExitCode: 0, Output: "inside\n" } && run.VirtualTime == TimeSpan.FromSeconds(5)
            ? null
            : $"The throw-away machine for Linux scripts needs namespaces of its own, and to see which of its processes wait. This host does not give them: {(run.Reason ?? run.Output).Trim()}";
    }

    private static void PrepareFolders(ScratchMachine machine, SandboxOptions options)
    {
        HostPrograms.OfThisHost.AddTo(machine);
        foreach (var folder in (string[])["/dev", "/proc", "/run", "/tmp", "/var/tmp"])
        {
            machine.AddFolder(folder);
        }
        if (options.VirtualTimeLimit is not null)
        {
            machine.AddFolder("/opt/rehearsal/clock");
        }
    }

    private static SandboxRun Watch(Process process, VirtualClock? clock, SandboxOutput output, SandboxOptions options, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var keeper = clock is null ? null : new TimeKeeper(new(process.Id), clock, options.VirtualTimeLimit!.Value, options.StallLimit, id => Wake(process, id));
        var written = 0L;
        var measured = TimeSpan.Zero;
        var pause = 1;
        while (!process.WaitForExit(pause))
        {
            pause = Math.Min(pause + 1, LongestPause);
            cancellation.ThrowIfCancellationRequested();
            if (output.LimitReached)
            {
                return new(SandboxEnd.OutputLimit) { Reason = string.Format(CultureInfo.InvariantCulture, "It wrote more than {0:N0} bytes.", options.OutputLimit) };
            }
            if (watch.Elapsed - measured > MemoryInterval)
            {
                measured = watch.Elapsed;
                if (ProcessTree.MemoryOf(process) > options.MemoryLimit)
                {
                    return new(SandboxEnd.MemoryLimit) { Reason = string.Format(CultureInfo.InvariantCulture, "Its processes took more than {0} MB of memory together.", options.MemoryLimit >> 20) };
                }
            }
            if (watch.Elapsed > options.TimeLimit)
            {
                return new(SandboxEnd.TimeLimit)
                {
                    Reason = string.Format(CultureInfo.InvariantCulture, "It was still at work after {0:0.#} s of real time.", options.TimeLimit.TotalSeconds),
                };
            }
            // Who waits for a reader of its output does not wait for the time to pass.
            if (written != output.Count || keeper is null)
            {
                written = output.Count;
                continue;
            }
            var step = keeper.Step();
            if (step == TimeStep.Advanced)
            {
                pause = 1;
            }
            if (step == TimeStep.Hung)
            {
                return new(SandboxEnd.Hung) { Reason = keeper.Reason };
            }
            if (step == TimeStep.SessionLost)
            {
                return new(SandboxEnd.SessionLost) { Reason = "The machine went down under the script." };
            }
        }
        return new(SandboxEnd.Exited) { AgentCalls = keeper?.Asked ?? [] };
    }

    private static void Wake(Process process, int id)
    {
        try
        {
            process.StandardInput.Write(id.ToString(CultureInfo.InvariantCulture) + "\n");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The namespaces have just come to their end.
        }
    }

    /// <summary>The first process's last word: how the command ended, and then the machine's files.</summary>
    private static SandboxRun ReadReport(SandboxOutput report, ScratchMachine machine)
    {
        var bytes = report.Bytes;
        var said = new StringBuilder();
        for (int start = 0, end; (end = Array.IndexOf(bytes, (byte)'\n', start)) >= 0; start = end + 1)
        {
            var line = Encoding.UTF8.GetString(bytes, start, end - start);
            if (line == "lost")
            {
                return new(SandboxEnd.SessionLost) { Reason = "Everything on the machine was killed, and with it the session." };
            }
            if (line.StartsWith("exit ", StringComparison.Ordinal))
            {
                return ReadMachine(bytes, end + 1, machine) is { } broken
                    ? broken
                    : new(SandboxEnd.Exited) { ExitCode = int.Parse(line.Substring(5), CultureInfo.InvariantCulture) };
            }
            said.Append(line).Append('\n');
        }
        return new(SandboxEnd.Broken) { Reason = said.Length == 0 ? "The sandbox ended without a word." : said.ToString().Trim() };
    }

    private static SandboxRun? ReadMachine(byte[] archive, int start, ScratchMachine machine)
    {
        try
        {
            machine.ReplaceBy(TarReader.Read(archive, start));
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or OverflowException or ArgumentException)
        {
            return new(SandboxEnd.Broken) { Reason = $"What is left of the machine cannot be read: {e.Message}" };
        }
    }
}
