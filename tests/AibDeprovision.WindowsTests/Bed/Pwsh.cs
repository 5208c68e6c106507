using System.Diagnostics;

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>
/// The real pwsh.exe, in a process of its own. Its output goes to a file, as Packer has it where it runs a script elevated:
/// the programs that Wine starts on the way would hold a pipe open.
/// </summary>
public sealed class Pwsh : IDisposable
{
    /// <summary>Its place.</summary>
    public const string Program = @"C:\pwsh\pwsh.exe";

    private readonly string _output = Path.GetTempFileName();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Process _process;

    private Pwsh(string arguments)
    {
        // Without a console, which has no window here, pwsh runs nothing and ends with 0.
        var start = new ProcessStartInfo("cmd.exe", $"/d /s /c \"{Program} {arguments} >{_output} 2>&1\"") { CreateNoWindow = true, UseShellExecute = false };
        _process = Process.Start(start)!;
    }

    /// <summary>What it has written so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            using var reader = new StreamReader(new FileStream(_output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts it with a command line and goes on. Until it has ended, leave the service control manager to it.</summary>
    public static Pwsh Start(string arguments) => new(arguments);

    /// <summary>Runs a script file to its end, without a profile and with nobody to answer.</summary>
    public static PwshResult RunFile(string path) => Run($"-NoProfile -NonInteractive -ExecutionPolicy Bypass -File {path}");

    /// <summary>Runs a command line to its end, and repeats its output on this program's.</summary>
    public static PwshResult Run(string arguments)
    {
        using var pwsh = Start(arguments);
        // What a scenario may take as a whole is limited from outside.
        pwsh._process.WaitForExit();
        var result = new PwshResult(pwsh._process.ExitCode, pwsh.Lines, pwsh._clock.Elapsed);
        foreach (var line in result.Lines)
        {
            Console.WriteLine(line);
        }
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsRunning)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(5000);
        }
        _process.Dispose();
        File.Delete(_output);
    }
}

/// <summary>What a run of pwsh.exe gave.</summary>
/// <param name="ExitCode">The exit code of the process.</param>
/// <param name="Lines">All that it wrote, errors too.</param>
/// <param name="Duration">From its start to its end.</param>
public sealed record PwshResult(int ExitCode, IReadOnlyList<string> Lines, TimeSpan Duration)
{
    /// <summary>The result itself when the exit code is 0.</summary>
    public PwshResult Succeeded() => ExitCode == 0 ? this : throw new ScenarioFailedException($"pwsh ended with {ExitCode}: {string.Join(" | ", Lines.TakeLast(5))}");
}
