using AibDeprovision.Plans;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>Each failure that the hardened Linux script can meet has its exit code, and the cause in the verdict.</summary>
public sealed class HardenedLinuxExitCodeTests
{
    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void Without_root_it_does_nothing(string shell)
    {
        var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new(), new() { AsRoot = false });

        AssertVerdict(run, DeprovisionExitCode.NotElevated);
        Assert.Empty(Calls(machine));
        Assert.Single(run.Output);
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void No_waagent_is_an_error_of_its_own(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.Delete("/usr/sbin/waagent");

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.WaagentNotFound);

        Assert.Equal(AllPaths(), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_waagent_without_its_interpreter_is_run_by_a_Python_that_is_there(string shell)
    {
        var machine = SeededMachine(shell);
        var stub = machine.Files.ReadFile("/usr/sbin/waagent")!.Replace("#!/bin/sh", "#!/usr/share/oem/python/bin/gone", StringComparison.Ordinal);
        machine.Files.Delete("/usr/sbin/waagent");
        machine.WriteCommand("/usr/share/oem/bin/waagent", "");
        machine.Files.WriteFile("/usr/share/oem/bin/waagent", stub);
        machine.WriteCommand("/usr/share/oem/python/bin/python3", "exec sh \"$@\"");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.Contains("start: Scratch Linux 1.0; /usr/share/oem/bin/waagent by python3, WALinuxAgent-2.15.0.1;", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_waagent_that_exits_non_zero_fails_the_build(string shell)
    {
        var machine = SeededMachine(shell);
        WriteAgent(machine, "echo 'it broke here'; exit 3");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.WaagentFailed, "waagent ended with status 3: it broke here");
        Assert.Contains(run.Output, line => line.Contains("not done: the account packer is still there", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.Contains("not done: clean, verify, after", StringComparison.Ordinal));
        Assert.Equal(AllPaths(), Surviving(machine));
    }

    [Fact]
    public void Of_a_traceback_the_exception_is_the_cause()
    {
        var machine = SeededMachine("dash");
        WriteAgent(machine, """
            cat <<'EOF'
            Traceback (most recent call last):
              File "agent.py", line 57, in __init__
            xml.parsers.expat.ExpatError: unbound prefix: line 1, column 3

            During handling of the above exception, another exception occurred:
            TypeError: format_exception() got an unexpected keyword argument 'etype'
            , duration=0
            EOF
            exit 1
            """);

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.WaagentFailed,
            "waagent ended with status 1: xml.parsers.expat.ExpatError: unbound prefix: line 1, column 3");
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_waagent_that_logs_its_failure_and_exits_zero_fails_the_build(string shell)
    {
        var machine = SeededMachine(shell);
        WriteAgent(machine, "echo \"2026-01-01T00:00:00Z ERROR MainThread Failed to run 'deprovision+user': mismatched tag\"; echo Traceback");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.WaagentFailed, "Failed to run 'deprovision+user': mismatched tag");
        Assert.Contains("    | Traceback", run.Output);
        Assert.Equal(AllPaths(), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_user_that_no_command_deletes_is_residue(string shell)
    {
        var machine = SeededMachine(shell);
        WriteAgent(machine, "echo 'WARNING! Skip delete user.'");
        machine.WriteCommand("userdel", "echo \"userdel: user $3 is currently used by process 1\"; exit 8");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "/etc/passwd (the account packer)");
        Assert.Contains("    | userdel: user packer is currently used by process 1", run.Output);
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_failing_BeforeScript_ends_it_before_anything_is_done(string shell)
    {
        var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new() { BeforeScript = "echo 'no disk' >&2\nexit 7" });

        AssertVerdict(run, DeprovisionExitCode.HookFailed, "BeforeScript ended with status 7");
        Assert.Contains("no disk", run.Output);
        Assert.Equal(AllPaths(), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_failing_AfterScript_fails_the_build(string shell)
    {
        var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new() { AfterScript = "false" }), DeprovisionExitCode.HookFailed, "AfterScript ended with status 1");
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_signal_is_a_verdict_too(string shell)
    {
        var machine = SeededMachine(shell);
        // The parent is the timeout command, and its parent the script.
        WriteAgent(machine, "kill -TERM \"$(sed -n 's/^PPid:[^0-9]*//p' /proc/$PPID/status)\"; sleep 50");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Unexpected, "stopped by the signal TERM");
        Assert.InRange(run.Duration.TotalSeconds, 0, 20);
    }
}
