using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Session;

/// <summary>
/// Hostile scripts rehearsed in sessions of the real PowerShell, with and without namespaces: none reaches a bait on this
/// machine, none ends the session, and none makes it grow.
/// </summary>
public sealed class HostileSessionTests : IDisposable
{
    private const long MostGrowth = 50L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(RehearsalIsolation.Sandbox)]
    [InlineData(RehearsalIsolation.Process)]
    public void A_command_of_the_host_is_not_reached_through_a_function_that_is_never_defined(RehearsalIsolation isolation)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var victim = BedProcess.Start(OperatingSystem.IsWindows() ? ["ping", "-n", "600", "127.0.0.1"] : ["sleep", "600"]);
        File.WriteAllText(_scratch["bait"], "alive");
        string[] scripts =
        [
            $"if ($false) {{ function Invoke-RestMethod {{}} }}; $null = Invoke-RestMethod http://127.0.0.1:{port}/x; exit 0",
            $"if ($false) {{ function Stop-Process {{}} }}; Stop-Process -Id {victim.Id} -Force; exit 0",
            $"if ($false) {{ function Set-Content {{}} }}; Set-Content -Path '{_scratch["bait"]}' -Value dead; exit 0",
            $"if ($false) {{ function Start-Process {{}} }}; Start-Process /bin/sh '-c ''echo dead >{_scratch["bait"]}'''; exit 0",
        ];
        try
        {
            var session = Rehearse(scripts, isolation);
            Assert.All(session.Results, result => Assert.Equal($"{isolation}", result.Isolation));
            Assert.False(listener.Pending());
            Assert.False(victim.HasExited);
            Assert.Equal("alive", File.ReadAllText(_scratch["bait"]));
            Assert.Equal(scripts.Length, session.Results.Count);
        }
        finally
        {
            victim.Kill();
        }
    }

    [Theory]
    [InlineData(RehearsalIsolation.Sandbox)]
    [InlineData(RehearsalIsolation.Process)]
    public void What_goes_too_far_is_a_result_and_the_session_lives_and_does_not_grow(RehearsalIsolation isolation)
    {
        string[] scripts =
        [
            "$b = { @(1).ForEach($b) }; & $b",
            "$n = 1gb; $x = 'x' * $n; exit 0",
            "$n = 900mb; try { $x = 'x' * $n } catch { }; exit 0",
            "$n = 100000000; $x = 1..$n; exit 0",
            "'" + new string('a', 40) + "!' -match '^(a+)+$'; exit 0",
            "$a = @(); while ($true) { $a += ('x' * 1mb) + $a.Count }",
        ];
        var session = Rehearse(scripts, isolation);

        Assert.Equal(scripts.Length, session.Results.Count);
        Assert.All(session.Results, result => Assert.True(result.Outcome == nameof(RehearsalOutcome.NotRehearsable), $"{result.Outcome}: {result.Detail}"));
        Assert.All(session.Results, result => Assert.Equal($"{isolation}", result.Isolation));
        // On a machine with much else to do the time limit may come first.
        string[] reasons = ["the method ForEach|stack", "memory", "memory", "memory", "busy", "memory"];
        Assert.All(session.Results.Zip(reasons), result => Assert.Matches($"{result.Second}|busy", result.First.Detail));
        Assert.True(session.Growth < MostGrowth, $"{session.Growth}");
    }

    [Fact]
    public void What_a_script_keeps_of_one_scenario_is_not_there_in_the_next()
    {
        var small = Rehearse(["if ($PSVersionTable['kept']) { exit 9 }; $PSVersionTable['kept'] = 'x' * 1000; exit 3"], RehearsalIsolation.Process, scenarios: "sysprep-*");
        Assert.True(small.Results.Count > 3);
        Assert.All(small.Results, result => Assert.True(result is { Outcome: nameof(RehearsalOutcome.Failed), ExitCode: "3" }, $"{result}"));

        var session = Rehearse(["$size = 64mb; if ($PSVersionTable['kept']) { exit 9 }; $PSVersionTable['kept'] = 'x' * $size; exit 3"], RehearsalIsolation.Process, scenarios: "sysprep-*");
        Assert.All(session.Results, result => Assert.True(result is { Outcome: nameof(RehearsalOutcome.Failed), ExitCode: "3" } or { Outcome: nameof(RehearsalOutcome.NotRehearsable) }, $"{result}"));
        Assert.True(session.Growth < MostGrowth, $"{session.Growth}");
    }

    [Fact]
    public void Nothing_is_left_when_the_session_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        var mark = Guid.NewGuid().ToString("N");
        using var session = BedProcess.Start(
            Pwsh.Words("-Command", Pwsh.ImportModule + "'ready'; Invoke-AibDeprovisionRehearsal -ScriptText 'while ($true) { }'"),
            new Dictionary<string, string>(Pwsh.Environment, StringComparer.Ordinal) { ["LANG"] = mark });
        Assert.Equal("ready", session.StandardOutput.ReadLine());
        Wait(() => Marked(mark).Length > 1);

        session.Kill();

        Wait(() => Marked(mark).Length == 0);
    }

    private static void Wait(Func<bool> isTrue)
    {
        // Bounded, not timed.
        for (var watch = Stopwatch.StartNew(); !isTrue(); Thread.Sleep(50))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "It does not come.");
        }
    }

    /// <summary>The processes of an environment with the mark: the session and what it has started.</summary>
    private static string[] Marked(string mark) => [.. Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && EnvironmentOf(folder).Contains(mark, StringComparison.Ordinal))];

    private static string EnvironmentOf(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private SessionRun Rehearse(string[] scripts, RehearsalIsolation isolation, string scenarios = "agent-present")
    {
        for (var n = 0; n < scripts.Length; n++)
        {
            File.WriteAllText(_scratch[$"{n:00}.ps1"], scripts[n]);
        }
        var text = Pwsh.ImportModule + $$"""
            $null = Invoke-AibDeprovisionRehearsal -ScriptText 'exit 1' -Scenario agent-present
            $before = (Get-Process -Id $PID).WorkingSet64
            Get-ChildItem -Path '{{_scratch.Path}}' -Filter '*.ps1' | Sort-Object -Property Name | Invoke-AibDeprovisionRehearsal -Scenario '{{scenarios}}' |
                ForEach-Object { @($_.Outcome, $_.Isolation, $_.ExitCode, $_.Detail) -join '|' }
            [GC]::Collect()
            "grown|$((Get-Process -Id $PID).WorkingSet64 - $before)"
            """;
        var run = BedProcess.Run([.. Without(isolation), .. Pwsh.Words("-Command", text)], Limit, "", Pwsh.Environment);
        Assert.True(run.ExitCode == 0 && run.Output.Count > 0, run.ToString());
        var results = run.Output.SkipLast(1).Select(line => line.Split('|', 4)).Select(cells => new Line(cells[0], cells[1], cells[2], cells[3])).ToList();
        // Where the host grants no namespaces, the better isolation is not to be had.
        Assert.SkipWhen(isolation == RehearsalIsolation.Sandbox && results.TrueForAll(result => result.Isolation == nameof(RehearsalIsolation.Process)) && !Toolbox.Required, "This host grants no namespaces.");
        return new(results, long.Parse(run.Output[^1].Split('|')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>What takes the right to make namespaces from a session.</summary>
    private static string[] Without(RehearsalIsolation isolation)
    {
        if (isolation == RehearsalIsolation.Sandbox)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has namespaces.");
            return [];
        }
        return !OperatingSystem.IsLinux() ? []
            : ["sh", "-c", "exec unshare --user --map-current-user -- sh -c 'for most in /proc/sys/user/max_*_namespaces; do echo 0 >$most; done 2>/dev/null; exec \"$@\"' sh \"$@\"", "sh"];
    }

    private sealed record Line(string Outcome, string Isolation, string ExitCode, string Detail);

    private sealed record SessionRun(IReadOnlyList<Line> Results, long Growth);
}
