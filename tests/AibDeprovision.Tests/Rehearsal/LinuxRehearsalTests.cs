using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rehearsal.Scenarios;
using static AibDeprovision.Tests.Rehearsal.LinuxRehearsalRun;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>What a Linux rehearsal says where it cannot run, of what it does not know, and of what a script has written.</summary>
public sealed class LinuxRehearsalTests
{
    [Fact]
    public void Where_there_is_no_sandbox_nothing_is_run_and_the_reason_is_given()
    {
        var ran = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());

        var result = LinuxRehearsal.Run($"touch {ran}", LinuxRehearsal.Scenarios[0], BuildTimeout, BuildTimeout, "This host gives no namespaces.", TestContext.Current.CancellationToken);

        Assert.Equal(RehearsalOutcome.NotRehearsable, result.Outcome);
        Assert.Equal("This host gives no namespaces.", result.Detail);
        Assert.Equal("agent-present", result.Scenario);
        Assert.Empty(result.Output);
        Assert.False(File.Exists(ran));
    }

    [Theory]
    [InlineData("unshare")]
    [InlineData("tar")]
    [InlineData("prlimit")]
    public void A_host_that_lacks_a_program_is_told_which(string program)
    {
        RequireBed();
        Assert.Contains($"needs the program '{program}'", LinuxSandbox.Probe(name => name == program ? null : HostPrograms.Find(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sandbox_that_cannot_be_set_up_runs_nothing()
    {
        RequireBed();
        var machine = new ScratchMachine();

        var run = LinuxSandbox.Run(machine, ["sh", "-c", "echo ran"], new() { Environment = new Dictionary<string, string> { ["PATH"] = "/nowhere" } }, TestContext.Current.CancellationToken);

        Assert.Equal(SandboxEnd.Broken, run.End);
        Assert.NotNull(run.Reason);
        Assert.Null(run.ExitCode);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void A_rehearsal_that_is_cancelled_before_it_begins_does_not_begin()
    {
        RequireBed();
        Assert.Throws<OperationCanceledException>(() => LinuxRehearsal.Run("true", LinuxRehearsal.Scenarios[0], BuildTimeout, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_command_that_a_real_machine_may_have_is_not_held_against_the_script()
    {
        var failed = Rehearse("set -e\n\nzypper clean\nwaagent -force -deprovision+user");
        Assert.True(failed.Outcome == RehearsalOutcome.NotRehearsable, Tell(failed));
        Assert.Equal("Line 3: the rehearsal has no 'zypper'.", failed.Detail);

        // It mattered nothing.
        var passed = Rehearse("zypper clean\nwaagent -force -deprovision+user");
        Assert.True(passed.Outcome == RehearsalOutcome.Sealed, Tell(passed));

        var guarded = Rehearse("if command -v zypper >/dev/null; then zypper clean; fi\nwaagent -force -deprovision+user");
        Assert.True(guarded.Outcome == RehearsalOutcome.Sealed, Tell(guarded));
    }

    [Fact]
    public void Output_and_errors_stand_in_their_order()
    {
        Assert.Equal(["one", "two", "three"], Rehearse("echo one; echo two >&2; echo three; exit 1").Output);
    }

    [Fact]
    public void Of_a_very_long_output_the_middle_is_left_out()
    {
        var result = Rehearse("seq 1 5000");

        Assert.Equal(1001, result.Output.Count);
        Assert.Equal("1", result.Output[0]);
        Assert.Equal("... 4000 lines are left out here ...", result.Output[500]);
        Assert.Equal("5000", result.Output[1000]);
    }

    [Fact]
    public void Without_force_waagent_asks_and_gets_no_answer()
    {
        var result = Rehearse("waagent -deprovision+user");

        Assert.Equal(RehearsalOutcome.FalseSuccess, result.Outcome);
        Assert.Contains(result.Output, line => line.Contains("Do you want to proceed (y/n)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dash", "")]
    [InlineData("bash", "")]
    [InlineData("busybox", "")]
    [InlineData("dash", "hangs")]
    [InlineData("bash", "hangs")]
    [InlineData("busybox", "hangs")]
    public void It_does_not_matter_which_shell_the_host_has(string shell, string agent)
    {
        RequireBed();
        var scenario = new LinuxScenario("other-shell", "sh is another one.", machine =>
        {
            machine.WriteLink("/usr/bin/sh", HostPrograms.Find(shell)!.Insert(0, "/opt/host"));
            machine.WriteFile("/opt/rehearsal/agent", agent);
        });

        var result = LinuxRehearsal.Run(ScriptOf("hardened"), scenario, BuildTimeout, TestContext.Current.CancellationToken);

        Assert.True(result.Outcome == (agent == "hangs" ? RehearsalOutcome.Failed : RehearsalOutcome.Sealed), Tell(result));
        Assert.Equal(agent == "hangs" ? 60 : 0, result.VirtualTime.TotalMinutes);
        Assert.All(result.Output, line => Assert.Matches("^(>>> AibDeprovision |    \\| )", line));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("a\"b")]
    [InlineData("back\\slash\\")]
    [InlineData("blank and \\\\\" all\\")]
    [InlineData("tab\there\nand a line")]
    public void Arguments_arrive_as_they_are(string argument)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "printf is a program of Linux.");
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/printf", ProcessArguments.Join(["%s|%s", argument, "next"])) { RedirectStandardOutput = true })!;
        Assert.Equal($"{argument}|next", process.StandardOutput.ReadToEnd());
    }
}
