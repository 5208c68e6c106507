using System.Diagnostics;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>What holds for the hardened script whatever the VM does, on schedules made at random.</summary>
public sealed class ScheduleProperties(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    /// <summary>Everything happens fifty times sooner, and the script's limits are as much tighter: the same races in fewer polls.</summary>
    private const double Pace = 0.02;

    private static readonly DeprovisionPlan Fast = new()
    {
        ServiceTimeout = TimeSpan.FromSeconds(20),
        SysprepTimeout = TimeSpan.FromSeconds(60),
        Deadline = TimeSpan.FromSeconds(80),
    };

    private static readonly int Count = GeneratedCases.Of(10_000);

    [Fact]
    public void The_hardened_script_ends_tells_the_truth_and_names_the_cause()
    {
        var text = ScriptGenerator.Generate(Fast).Content;
        // The last poll before the deadline may begin a second early, and Sysprep has thirty seconds to be gone for good.
        var latest = Fast.Deadline + TimeSpan.FromSeconds(5);
        var count = 0;
        var sealedCount = 0;
        var time = Stopwatch.StartNew();
        foreach (var result in Rehearse(text))
        {
            count++;
            var exitedWell = result.ExitCode == 0;
            Assert.True(result.Outcome is RehearsalOutcome.Sealed or RehearsalOutcome.Failed, Explain(result));
            Assert.True(exitedWell == (result.Outcome == RehearsalOutcome.Sealed), Explain(result));
            Assert.True(result.VirtualTime <= latest, Explain(result));
            Assert.True(exitedWell || !string.IsNullOrWhiteSpace(result.Cause), Explain(result));
            Assert.True(Enum.IsDefined((DeprovisionExitCode)result.ExitCode!.Value) && result.ExitCode != (int)DeprovisionExitCode.Unexpected, Explain(result));
            Assert.Contains("] verdict: ", result.Output[^1], StringComparison.Ordinal);
            sealedCount += exitedWell ? 1 : 0;
        }
        Assert.Equal(Count, count);
        Report($"hardened: {count} schedules in {time.Elapsed.TotalSeconds:0} s; {Share(sealedCount, count)} sealed, {Share(count - sealedCount, count)} failed with a cause, 0 hung, 0 falsely well");
    }

    [Fact]
    public void The_documented_default_hangs_where_the_hardened_script_fails()
    {
        var text = ScriptGenerator.Generate(new DeprovisionPlan { Profile = DeprovisionProfile.Generic, GenericVersion = "windows-3" }).Content;
        var time = Stopwatch.StartNew();
        var outcomes = Rehearse(text).GroupBy(result => result.Outcome).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(Count, outcomes.Values.Sum());
        var hung = outcomes.GetValueOrDefault(RehearsalOutcome.Hung);
        Report($"windows-3: {Count} schedules in {time.Elapsed.TotalSeconds:0} s; {Share(hung, Count)} hung until the build's limit, "
            + $"{Share(outcomes.GetValueOrDefault(RehearsalOutcome.Sealed), Count)} sealed, {Share(outcomes.GetValueOrDefault(RehearsalOutcome.FalseSuccess), Count)} falsely well");
        Assert.True(hung > Count / 10, "The schedules hold hardly anything that can go wrong.");
        Assert.Equal(0, outcomes.GetValueOrDefault(RehearsalOutcome.NotRehearsable));
    }

    [Fact]
    public void The_same_seed_makes_the_same_schedules()
    {
        var text = ScriptGenerator.Generate(Fast).Content;
        IReadOnlyList<string> Once(int seed) => [.. WindowsRehearsal.Run(text, [.. GeneratedSchedules.From(seed, 20, Pace)], TimeSpan.FromMinutes(240), new SandboxLimits(), TestContext.Current.CancellationToken)
            .Select(r => $"{r.Scenario} {r.Outcome} {r.VirtualTime} {r.Cause}")];
        Assert.Equal(Once(7), Once(7));
        Assert.NotEqual(Once(7).Select(l => l[l.IndexOf(' ', StringComparison.Ordinal)..]), Once(8).Select(l => l[l.IndexOf(' ', StringComparison.Ordinal)..]));
    }

    private static IEnumerable<RehearsalResult> Rehearse(string text) => WindowsRehearsal.Run(
        text, [.. GeneratedSchedules.From(Seed, Count, Pace)], TimeSpan.FromMinutes(240), new SandboxLimits(), TestContext.Current.CancellationToken);

    private static string Share(int part, int all) => $"{100.0 * part / all:0.0} %";

    private static string Explain(RehearsalResult result) =>
        $"{result} after {result.VirtualTime}, exit code {result.ExitCode}: {result.Cause} {result.Detail}\n{string.Join('\n', result.Output)}";

    private void Report(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
