using AibDeprovision.Plans;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The grammar of what the hardened Linux script says.</summary>
public sealed class HardenedLinuxOutputTests
{
    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void Every_line_of_its_own_follows_the_grammar_and_the_last_one_is_the_verdict(string shell)
    {
        var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new() { BeforeScript = "echo before", AfterScript = "echo after" });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.All(run.Output.Where(line => line.StartsWith(">>>", StringComparison.Ordinal)), line => Assert.Matches(Marker(), line));
        Assert.Equal(
            ["start", "before", "wait-agent", "waagent", "clean", "verify", "after", "trace", "verdict"],
            run.Output.Select(line => Marker().Match(line)).Where(match => match.Success).Select(match => match.Groups["phase"].Value).Distinct());
        Assert.Contains("    | WARNING! The waagent service will be stopped.", run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void The_source_cannot_be_taken_for_its_output()
    {
        Assert.DoesNotMatch(Marker(), Script(new()));
        Assert.DoesNotContain(">>> AibDeprovision", Script(new()), StringComparison.Ordinal);
    }
}
