using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Deprovisioning;

/// <summary>
/// Generalizes the Linux machine it runs on. The work is done by the hardened script of the same plan, in a shell of its
/// own: what a build runs as a script and what it runs by cmdlet cannot differ.
/// </summary>
internal static class LinuxDeprovision
{
    private const string Shell = "/bin/sh";

    private static readonly Regex Marker = new(@"^>>> AibDeprovision \[ *\d+\.\ds\] (?<phase>[\w-]+): (?<text>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static readonly Regex Verdict = new(@"^\w+ \(exit code (?<code>\d+)\): (?<cause>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>Does all of it.</summary>
    /// <param name="plan">A checked plan for Linux.</param>
    /// <param name="write">Gets each line as phase and text; for a line that is no marker the phase is the last one.</param>
    /// <param name="cancel">Ends it at once; the script puts back what it has lent the agent.</param>
    /// <exception cref="AibException">There is no shell.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DeprovisionResult Run(DeprovisionPlan plan, Action<string, string> write, CancellationToken cancel)
    {
        var time = Stopwatch.StartNew();
        using var lines = new BlockingCollection<string>();
        using var process = Start(ScriptGenerator.Generate(plan).Content, plan.TargetPath, lines);
        var (phase, cause) = ("start", "");
        using (cancel.Register(() => _ = Libc.Kill(process.Id, Libc.TerminateSignal)))
        {
            // The writer is the caller's thread: a cmdlet may only write from there.
            foreach (var line in lines.GetConsumingEnumerable(CancellationToken.None))
            {
                if (Marker.Match(line) is { Success: true } marker)
                {
                    phase = marker.Groups["phase"].Value;
                    cause = phase == "verdict" && Verdict.Match(marker.Groups["text"].Value) is { Success: true } verdict ? verdict.Groups["cause"].Value : cause;
                }
                write(phase, line);
            }
            process.WaitForExit();
        }
        cancel.ThrowIfCancellationRequested();
        var code = (DeprovisionExitCode)process.ExitCode;
        return Enum.IsDefined(typeof(DeprovisionExitCode), code) && cause.Length > 0
            ? new DeprovisionResult { Verdict = code, Cause = cause, Elapsed = time.Elapsed }
            : new DeprovisionResult { Verdict = DeprovisionExitCode.Unexpected, Cause = $"the shell ended with {process.ExitCode} and no verdict", Elapsed = time.Elapsed };
    }

    private static Process Start(string script, string name, BlockingCollection<string> lines)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Shell, ProcessArguments.Join(["-c", script, name]))
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            },
        };
        var open = 2;
        void Take(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is not null)
            {
                lines.Add(e.Data);
            }
            else if (Interlocked.Decrement(ref open) == 0)
            {
                lines.CompleteAdding();
            }
        }
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new AibException(ErrorId.SystemCallFailed, $"{Shell} cannot be run: {e.Message}", "Every Linux has one; look at its mode and at the mount options of the disk.", Shell, e);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
