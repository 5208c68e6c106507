using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Scripts as people write them, under every scenario: what each does was derived by hand, and stands with the reason in Expected.txt.</summary>
public sealed class InTheWildTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "AibDeprovision.Tests", "Rehearsal", "InTheWild");

    private static readonly Dictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["@agents"] = "agent-present telemetry-missing telemetry-stopped agent-late agent-missing agent-never-runs agent-stopped agent-disabled agent-flapping",
        ["@seals"] = "as-system clock-jumps-ahead clock-jumps-back state-key-missing sysprep-slow sysprep-hands-over sysprep-long-undeployable sysprep-running restart-pending-harmless",
        ["@stale"] = "first-start-unfinished earlier-run-sealed",
        ["@works"] = "agent-present sh-is-bash agent-slow disk-full cloud-init-absent cloud-init-clean-fails cloud-init-running cloud-init-never-done package-manager-busy package-manager-never-done",
        ["@halfdone"] = "agent-does-nothing agent-leaves-user agent-swallows-exception no-ovf-env malformed-ovf-env accounts-locked resolv-conf-busy disk-read-only",
    };

    public static TheoryData<string> Scripts => [.. Expectations.Keys];

    private static Dictionary<string, Dictionary<string, RehearsalOutcome>> Expectations { get; } = Read();

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Ends_as_derived(string script)
    {
        var text = File.ReadAllText(Path.Combine(Folder, script));
        var results = (script.EndsWith(".sh", StringComparison.Ordinal) ? OnLinux(text) : OnWindows(text)).ToList();
        var expected = Expectations[script];
        Assert.Subset(results.Select(result => result.Scenario).Append("*").ToHashSet(), expected.Keys.ToHashSet());
        var wrong = results.Where(result => result.Outcome != (expected.TryGetValue(result.Scenario, out var outcome) ? outcome : expected["*"]))
            .Select(result => $"{result.Scenario}: {result.Outcome} after {result.VirtualTime}, exit code {result.ExitCode}, cause: {result.Cause}, detail: {result.Detail}\n    {string.Join("\n    ", result.Output.TakeLast(5))}");
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
        Assert.All(results, result => Assert.True(result.Outcome == RehearsalOutcome.Sealed || result.Cause is not null || result.Detail is not null, $"{result} has neither cause nor detail."));
    }

    [Fact]
    public void Every_script_of_the_folder_is_expected_something_and_nine_of_ten_can_be_rehearsed()
    {
        var files = Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)!).Where(name => name != "Expected.txt").ToList();
        Assert.Equal(files.Order(StringComparer.Ordinal), Expectations.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(files.Count, 25, 100);
        Assert.InRange(Expectations.Values.Count(outcomes => !outcomes.ContainsValue(RehearsalOutcome.NotRehearsable)), 0.9 * files.Count, files.Count);
    }

    private static IEnumerable<RehearsalResult> OnWindows(string text) =>
        WindowsRehearsal.Run(text, WindowsScenarios.All, TimeSpan.FromMinutes(240), new SandboxLimits { WallClock = TimeSpan.FromMinutes(5) }, TestContext.Current.CancellationToken);

    private static List<RehearsalResult> OnLinux(string text) =>
        [.. LinuxRehearsal.Scenarios.Select(scenario => LinuxRehearsalRun.Rehearse(text, scenario.Name))];

    private static Dictionary<string, Dictionary<string, RehearsalOutcome>> Read()
    {
        var all = new Dictionary<string, Dictionary<string, RehearsalOutcome>>(StringComparer.Ordinal);
        Dictionary<string, RehearsalOutcome> script = [];
        foreach (var line in File.ReadLines(Path.Combine(Folder, "Expected.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                all.Add(line, script = []);
            }
            else if (line[..colon].Trim() is var outcome && outcome != "why")
            {
                foreach (var scenario in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(name => Groups.TryGetValue(name, out var group) ? group.Split(' ') : [name]))
                {
                    script.Add(scenario, Enum.Parse<RehearsalOutcome>(outcome));
                }
            }
        }
        return all;
    }
}
