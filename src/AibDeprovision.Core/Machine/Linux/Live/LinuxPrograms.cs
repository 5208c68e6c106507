using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>Runs programs of this machine, none of them longer than it may take.</summary>
internal static class LinuxPrograms
{
    private const int NoSuchFile = 2;

    /// <summary>Where systems keep programs, besides PATH: a login by sudo may have less, and Flatcar has its agent in its own place.</summary>
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/share/oem/bin", "/usr/share/oem/python/bin"];

    /// <summary>For one that was asked to end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>For one that was asked to end because somebody waits for that.</summary>
    private static readonly TimeSpan ShortGrace = TimeSpan.FromSeconds(1);

    /// <summary>For what is left in the pipes of one that has ended: others that it has started may still hold them.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    private static string SearchPath => string.Join(":", (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(f => f.StartsWith("/", StringComparison.Ordinal)).Concat(Folders).Distinct(StringComparer.Ordinal));

    /// <summary>Runs a program to its end with nothing on standard input. At the limit it is ended with all that it has started.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="cancel">Ends it in the same way.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ProgramRun Run(IReadOnlyList<string> words, TimeSpan limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(words[0], ProcessArguments.Join(words.Skip(1)))
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.EnvironmentVariables["PATH"] = SearchPath;
        var process = new Process { StartInfo = start };
        using var output = new ProgramOutput(process);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new ProgramRun(e.NativeErrorCode == NoSuchFile ? ProgramRun.NotFound : ProgramRun.CannotBeRun, [$"{words[0]}: {e.Message}"]);
        }
        process.StandardInput.Close();
        output.Begin();
        var ended = WaitForEnd(process, limit, cancel);
        if (!ended)
        {
            End(process, cancel.IsCancellationRequested ? ShortGrace : Grace);
            cancel.ThrowIfCancellationRequested();
        }
        output.WaitForEnd(Drain);
        return new ProgramRun(process.HasExited ? process.ExitCode : ProgramRun.CannotBeRun, output.Lines, TimedOut: !ended);
    }

    private static bool WaitForEnd(Process process, TimeSpan limit, CancellationToken cancel)
    {
        var exited = new TaskCompletionSource<bool>();
        process.Exited += (_, _) => exited.TrySetResult(true);
        process.EnableRaisingEvents = true;
        try
        {
            return exited.Task.Wait((int)Math.Min(limit.TotalMilliseconds, int.MaxValue), cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Asks one to end with all that it has started, and after a while makes it.</summary>
    public static void End(Process process, TimeSpan grace)
    {
        var told = LinuxProcesses.TreeOf(process.Id);
        Signal(told, Libc.TerminateSignal);
        var all = new HashSet<int>(told);
        var waited = Stopwatch.StartNew();
        // What it starts while it ends, to put things back, or had started a moment before, is ended after it.
        for (; IsThere(process.Id) && waited.Elapsed < grace; Thread.Sleep(20))
        {
            all.UnionWith(LinuxProcesses.TreeOf(process.Id));
        }
        Signal([.. all.Except(told).Where(IsThere)], Libc.TerminateSignal);
        while (all.Any(IsThere) && waited.Elapsed < grace)
        {
            Thread.Sleep(20);
        }
        Signal([.. all.Where(IsThere).Union(IsThere(process.Id) ? LinuxProcesses.TreeOf(process.Id) : [])], Libc.KillSignal);
        process.WaitForExit((int)grace.TotalMilliseconds);
    }

    private static bool IsThere(int id) => Libc.Kill(id, 0) == 0;

    private static void Signal(IReadOnlyList<int> processes, int signal)
    {
        foreach (var id in processes)
        {
            _ = Libc.Kill(id, signal);
        }
    }
}
