extern alias bed;

using System.Diagnostics;
using System.Globalization;
using AibDeprovision.Tests.Engine;
using BedScenario = bed::AibDeprovision.WindowsTests.Scenarios.Scenario;

namespace AibDeprovision.Tests.WindowsBed;

/// <summary>
/// The Windows bed: a Wine prefix with the scenarios' program in it, made by tests/beds/wine.sh when the first scenario
/// asks for it, and stopped when the last one has run.
/// </summary>
/// <param name="machine">Its name. Several are several machines, and may be used at the same time.</param>
public abstract class WineBed(string machine) : IDisposable
{
    private const string Loader = "/usr/lib/wine/wine64";
    // Now and then a process of Wine fails to reach its server, and ends with the first of these or cannot be started, which
    // is ERROR_INTERNAL_ERROR. Nothing that is tested can cause either. Anything else is to be seen, and hangs most of all.
    private static readonly string[] s_wineFailed = ["wine client error:", "Win32Exception (1359)", "could not be started: Internal error."];
    private static readonly TimeSpan s_setUpLimit = TimeSpan.FromMinutes(8);

    private static readonly string s_script = Repository.PathOf("tests", "beds", "wine.sh");

    private BedCommand? _setUp;

    /// <summary>Plays a scenario in a process of its own, which is killed at its time limit. The test fails unless it passes.</summary>
    public void Play(BedScenario scenario)
    {
        for (var attempt = 1; ; attempt++)
        {
            SetUp();
            var run = Run(TimeSpan.FromSeconds(scenario.LimitSeconds), ["run", "scenario", scenario.Name]);
            if (run.IsOutOfTime)
            {
                // What it has left behind might hang the next one too.
                Dispose();
            }
            if (attempt == 3 || !Array.Exists(s_wineFailed, text => run.Output.Contains(text, StringComparison.Ordinal)))
            {
                Assert.True(run is { ExitCode: 0, Verdict: "PASS" }, $"{scenario.Name}: {run}");
                return;
            }
        }
    }

    /// <summary>Opens a terminal with pwsh in it, on a healthy machine.</summary>
    /// <param name="command">Its first command.</param>
    public BedTerminal Open(string command)
    {
        Assert.SkipUnless(Toolbox.Has("script"), Toolbox.Missing("script"));
        SetUp();
        var reset = Run(TimeSpan.FromMinutes(1), ["run", "reset"]);
        Assert.True(reset.ExitCode == 0, $"The machine could not be made a healthy one: {reset}");
        return new BedTerminal(s_script, machine, command);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_setUp is not null)
        {
            Run(TimeSpan.FromMinutes(1), ["stop"]);
            _setUp = null;
        }
        GC.SuppressFinalize(this);
    }

    private void SetUp()
    {
        var isInstalled = File.Exists(Loader);
        Assert.True(isInstalled || !Toolbox.Required, Toolbox.Missing(Loader));
        Assert.SkipUnless(isInstalled, Toolbox.Missing(Loader));
        _setUp ??= Run(s_setUpLimit, []);
        Assert.True(_setUp.ExitCode == 0, $"The Windows bed could not be made: {_setUp}");
    }

    // The limit itself is kept by the script, inside; here it is only that nothing whatever hangs a test run.
    private BedCommand Run(TimeSpan limit, string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [s_script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BED_MACHINE"] = machine;
        start.Environment["BED_LIMIT"] = limit.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(limit + TimeSpan.FromSeconds(30)) || !output.Wait(TimeSpan.FromSeconds(30)))
        {
            process.Kill(entireProcessTree: true);
            return new BedCommand(BedCommand.KilledLate, "no end, and no output, within its time limit");
        }
        return new BedCommand(process.ExitCode, string.Concat(output.Result));
    }
}

/// <summary>What a command of the bed gave.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All that it wrote.</param>
public sealed record BedCommand(int ExitCode, string Output)
{
    /// <summary>What 'timeout' exits with when its first signal was enough.</summary>
    public const int Killed = 124;

    /// <summary>What 'timeout' exits with when it was not.</summary>
    public const int KilledLate = 137;

    /// <summary>Whether it was killed at its time limit.</summary>
    public bool IsOutOfTime => ExitCode is Killed or KilledLate;

    /// <summary>The last line that the program wrote.</summary>
    public string Verdict => Output.TrimEnd().Split('\n')[^1];

    /// <inheritdoc/>
    public override string ToString() => $"exit code {ExitCode}{(IsOutOfTime ? ", out of time" : "")}\n{Output}";
}
