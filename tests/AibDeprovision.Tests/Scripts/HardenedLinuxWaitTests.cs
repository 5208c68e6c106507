using AibDeprovision.Plans;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>What the hardened Linux script waits for, and that no wait of it is without an end. In real time, with the real timeout and sleep.</summary>
public sealed class HardenedLinuxWaitTests
{
    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_waagent_that_hangs_is_ended_at_the_deadline(string shell)
    {
        var machine = SeededMachine(shell);
        WriteAgent(machine, "echo 'going to hang'; sleep 50; sleep 50");

        var run = RunPlan(machine, shell, new() { Deadline = TimeSpan.FromSeconds(2) });

        AssertVerdict(run, DeprovisionExitCode.DeadlinePassed, "waagent");
        Assert.Contains("    | going to hang", run.Output);
        Assert.InRange(run.Duration.TotalSeconds, 1, 15);
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void The_deadline_holds_without_a_timeout_command(string shell)
    {
        var machine = SeededMachine(shell);
        machine.WriteCommand("timeout", "exit 125");
        WriteAgent(machine, "sleep 50; sleep 50");

        var run = RunPlan(machine, shell, new() { Deadline = TimeSpan.FromSeconds(2) });

        AssertVerdict(run, DeprovisionExitCode.DeadlinePassed, "waagent");
        Assert.InRange(run.Duration.TotalSeconds, 1, 15);
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void Without_a_timeout_command_it_still_seals(string shell)
    {
        var machine = SeededMachine(shell);
        machine.WriteCommand("timeout", "exit 125");

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_package_manager_that_does_not_end_is_named(string shell)
    {
        var machine = SeededMachine(shell);
        machine.WriteCommand("apt-get", "sleep 50\nsleep 50");

        var run = RunPlan(machine, shell, new() { BeforeScript = "apt-get & sleep 0.2", ServiceTimeout = TimeSpan.FromSeconds(1) });

        AssertVerdict(run, DeprovisionExitCode.NotReady, "apt-get");
        Assert.DoesNotContain(Calls(machine), call => call.StartsWith("waagent -force", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_package_manager_that_ends_is_waited_for(string shell)
    {
        var machine = SeededMachine(shell);
        machine.WriteCommand("dpkg", "sleep 2\nexit 0");

        var run = RunPlan(machine, shell, new() { BeforeScript = "dpkg & sleep 0.2" });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.Contains("wait-agent: waiting for dpkg (process ", StringComparison.Ordinal));
    }

    [Fact]
    public void Ubuntus_watcher_for_the_shutdown_is_no_package_manager()
    {
        var machine = SeededMachine("dash");
        machine.WriteCommand("unattended-upgrade-shutdown", "sleep 50\nsleep 50");

        AssertVerdict(RunPlan(machine, "dash", new()
        {
            BeforeScript = "unattended-upgrade-shutdown --wait-for-signal & sleep 0.2",
            ServiceTimeout = TimeSpan.FromSeconds(1),
        }), DeprovisionExitCode.Sealed);
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_cloud_init_that_does_not_end_is_not_ready(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.Delete("/run/cloud-init/result.json");
        machine.Files.WriteFile("/cloud-init-status", "running");

        AssertVerdict(RunPlan(machine, shell, new() { ServiceTimeout = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.NotReady, "cloud-init");
    }

    [Fact]
    public void A_deadline_before_the_end_of_the_wait_is_a_passed_deadline()
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/run/cloud-init/result.json");
        machine.Files.WriteFile("/cloud-init-status", "running");

        AssertVerdict(RunPlan(machine, "dash", new() { Deadline = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.DeadlinePassed);
    }

    [Theory]
    [InlineData("not run")]
    [InlineData("error")]
    [InlineData("disabled")]
    public void A_cloud_init_that_will_not_go_on_is_not_waited_for(string status)
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/run/cloud-init/result.json");
        machine.Files.WriteFile("/cloud-init-status", status);

        AssertVerdict(RunPlan(machine, "dash", new() { ServiceTimeout = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.Sealed);
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_hanging_hook_is_ended_at_the_deadline(string shell)
    {
        var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new() { BeforeScript = "sleep 50", Deadline = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.DeadlinePassed, "BeforeScript");
    }
}
