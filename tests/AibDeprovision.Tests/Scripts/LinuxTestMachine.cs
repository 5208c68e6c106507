using System.Globalization;
using AibDeprovision.Rehearsal.Linux.Sandbox;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The product's throw-away Linux machine, in real time, as the tests of scripts use it.</summary>
public sealed class LinuxTestMachine
{
    private const string ErrorPath = "/standard-error";

    /// <summary>Makes a machine that has the host's programs and nothing else.</summary>
    public LinuxTestMachine() => HostPrograms.OfThisHost.AddTo(Files);

    /// <summary>What is on it.</summary>
    internal ScratchMachine Files { get; } = new();

    /// <summary>Writes a program. Programs in /usr/sbin come before those of the host.</summary>
    /// <param name="path">A name for /usr/sbin, or an absolute path inside.</param>
    /// <param name="body">The sh script, without its first line.</param>
    public void WriteCommand(string path, string body)
    {
        ArgumentNullException.ThrowIfNull(path);
        Files.WriteProgram(path.StartsWith('/') ? path : "/usr/sbin/" + path, "#!/bin/sh\n" + body.ReplaceLineEndings("\n") + "\n");
    }

    /// <summary>Writes the script where Azure Image Builder has it and runs it to its end or to the limit.</summary>
    /// <param name="script">The text of the script.</param>
    /// <param name="shell">The shell with its options, for example "bash --posix".</param>
    /// <param name="options">Limits and surroundings; null for the defaults.</param>
    public LinuxTestRun Run(string script, string shell, LinuxTestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(shell);
        options ??= new LinuxTestOptions();
        Files.WriteFile(options.ScriptPath, script);
        var sandbox = new SandboxOptions { TimeLimit = options.TimeLimit, OutputLimit = options.OutputLimit, AsRoot = options.AsRoot };
        // Apart, so that a test can see that nothing was written there.
        var run = LinuxSandbox.Run(
            Files,
            ["sh", "-c", $"exec \"$@\" 2>{ErrorPath}", "sh", .. shell.Split(' '), options.ScriptPath],
            sandbox with { Environment = sandbox.Environment.Concat(options.Environment).ToDictionary(StringComparer.Ordinal) },
            TestContext.Current.CancellationToken);
        var error = Files.ReadFile(ErrorPath);
        Files.Delete(ErrorPath);
        return new LinuxTestRun
        {
            ExitCode = run.ExitCode,
            Output = run.Output.Length == 0 ? [] : run.Output.TrimEnd('\n').Split('\n'),
            Error = error ?? run.Reason ?? "",
            TimedOut = run.End == SandboxEnd.TimeLimit,
            OutputLimitReached = run.End == SandboxEnd.OutputLimit,
            Duration = run.Duration,
        };
    }
}

/// <summary>Limits and surroundings of a run on a <see cref="LinuxTestMachine"/>.</summary>
public sealed record LinuxTestOptions
{
    /// <summary>The wall-clock time after which everything on the machine is killed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The number of bytes of output after which everything on the machine is killed.</summary>
    public int OutputLimit { get; init; } = 1_000_000;

    /// <summary>Whether the script believes to be root; otherwise it is nobody.</summary>
    public bool AsRoot { get; init; } = true;

    /// <summary>Where the script lies when it is run.</summary>
    public string ScriptPath { get; init; } = "/tmp/DeprovisioningScript.sh";

    /// <summary>Environment variables besides PATH and HOME.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What came of a run on a <see cref="LinuxTestMachine"/>.</summary>
public sealed record LinuxTestRun
{
    /// <summary>The exit code of the script; null when it did not end by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The lines of standard output.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>The text of standard error, or why the script did not end by itself.</summary>
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
