using System.Diagnostics;
using System.Globalization;
using AibDeprovision.Rehearsal.Linux.Sandbox;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>Runs a program of this machine to its end, or to a limit.</summary>
internal static class BedProcess
{
    private const int OutputLimit = 20_000_000;

    /// <summary>Runs it. Beyond the limit it is killed with all that it has started.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="environment">Variables besides those of the test run.</param>
    public static BedRun Run(
        IReadOnlyList<string> words, TimeSpan limit, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var clock = Stopwatch.StartNew();
        using var process = Start(words, environment);
        var output = new SandboxOutput(process.StandardOutput.BaseStream, OutputLimit);
        var error = new SandboxOutput(process.StandardError.BaseStream, OutputLimit);
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading: its exit code says why.
        }
        var ended = process.WaitForExit(limit);
        var duration = clock.Elapsed;
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        // What it has left running may hold the other end of these pipes for ever.
        output.WaitForEnd(TimeSpan.FromSeconds(2));
        error.WaitForEnd(TimeSpan.FromSeconds(2));
        return new BedRun
        {
            ExitCode = ended ? process.ExitCode : null,
            Output = output.Text.Length == 0 ? [] : output.Text.TrimEnd('\n').Split('\n'),
            Error = error.Text,
            Duration = duration,
        };
    }

    /// <summary>Starts it with all three streams redirected.</summary>
    public static Process Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[variable.Key] = variable.Value;
        }
        return Process.Start(start) ?? throw new InvalidOperationException($"{words[0]} did not start.");
    }
}

/// <summary>What came of a run.</summary>
public sealed record BedRun
{
    /// <summary>The exit code; in a machine 124 or 137 when the limit was reached first, and null when even that took no effect.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The lines of standard output, which is what a build's log shows without a prefix of its own.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>The text of standard error.</summary>
    public string Error { get; init; } = "";

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Everything at once, for the message of a failed test.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"exit code {ExitCode} after {Duration.TotalSeconds:0.0} s\n{string.Join('\n', Output)}\n--- standard error\n{Error}");
}
