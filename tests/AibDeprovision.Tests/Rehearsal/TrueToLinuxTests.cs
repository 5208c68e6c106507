using AibDeprovision.Rehearsal.Scenarios;
using static AibDeprovision.Tests.Rehearsal.LinuxRehearsalRun;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Where Linux does what one would not expect, and a rehearsal that does otherwise would be wrong.</summary>
public sealed class TrueToLinuxTests
{
    private const string Agent = "waagent -force -deprovision+user";

    [Theory]
    [InlineData("#!/bin/bash\n[[ -x /usr/sbin/waagent ]] && " + Agent, "agent-present", RehearsalOutcome.Sealed)]
    [InlineData("#!/usr/bin/env bash\n[[ -x /usr/sbin/waagent ]] && " + Agent, "agent-present", RehearsalOutcome.Sealed)]
    [InlineData("[[ -x /usr/sbin/waagent ]] && " + Agent, "agent-present", RehearsalOutcome.Failed)]
    [InlineData("#!/bin/sh\n[[ -x /usr/sbin/waagent ]] && " + Agent, "agent-present", RehearsalOutcome.Failed)]
    [InlineData("#!/bin/sh\n[[ -x /usr/sbin/waagent ]] && " + Agent, "sh-is-bash", RehearsalOutcome.Sealed)]
    [InlineData("#!/usr/bin/python3\nimport os", "agent-present", RehearsalOutcome.NotRehearsable)]
    [InlineData("#!/bin/bash\r\n" + Agent, "agent-present", RehearsalOutcome.Failed)]
    public void The_first_line_says_by_which_shell_a_script_is_run(string script, string scenario, RehearsalOutcome outcome)
    {
        RequireBed();
        // As it stands, with its carriage returns.
        var result = AibDeprovision.Rehearsal.Linux.LinuxRehearsal.Run(script, AibDeprovision.Rehearsal.Linux.LinuxRehearsal.Scenarios.Single(s => s.Name == scenario), BuildTimeout, TestContext.Current.CancellationToken);
        Assert.True(result.Outcome == outcome, Tell(result));
    }

    [Theory]
    [InlineData("set -e\nsudo zypper clean\n" + Agent, "The rehearsal has no 'zypper' (sudo zypper).")]
    [InlineData("set -e\nnohup zypper clean\n" + Agent, "The rehearsal has no 'zypper' (nohup zypper).")]
    public void What_sudo_does_not_find_is_not_held_against_the_script(string script, string detail)
    {
        var result = Rehearse(script);
        Assert.True(result.Outcome == RehearsalOutcome.NotRehearsable, Tell(result));
        Assert.Equal(detail, result.Detail);
    }

    [Fact]
    public void Apt_get_fails_at_once_while_another_one_holds_the_lock()
    {
        var failed = Rehearse("set -e\napt-get clean\n" + Agent, "package-manager-busy");
        Assert.True((RehearsalOutcome.Failed, 100) == (failed.Outcome, failed.ExitCode), Tell(failed));
        Assert.Contains("is another process using it", failed.Cause!, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, failed.VirtualTime);

        var waited = Rehearse("set -e\nwhile fuser /var/lib/dpkg/lock-frontend >/dev/null 2>&1; do sleep 10; done\napt-get clean\n" + Agent, "package-manager-busy");
        Assert.True(waited.Outcome == RehearsalOutcome.Sealed, Tell(waited));

        var patient = Rehearse("set -e\napt-get -o DPkg::Lock::Timeout=600 clean\n" + Agent, "package-manager-busy");
        Assert.True(patient.Outcome == RehearsalOutcome.Sealed, Tell(patient));
    }

    [Theory]
    [InlineData("echo '" + Agent + "' | at now + 1 minute", "What it left to at had not been done by then.")]
    [InlineData("nohup " + Agent + " >/dev/null 2>&1 &", "left the account packer")]
    [InlineData("(sleep 30; " + Agent + ") &", "left the account packer")]
    public void A_deprovision_that_is_put_off_is_a_false_success(string script, string detail)
    {
        var result = Rehearse(script);
        Assert.True(result.Outcome == RehearsalOutcome.FalseSuccess, Tell(result));
        Assert.Contains(detail, result.Detail!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo '" + Agent + "' | at now + 1 minute\nsleep 120")]
    [InlineData(Agent + " &\nwait")]
    public void One_that_is_waited_for_is_none(string script)
    {
        var result = Rehearse(script);
        Assert.True(result.Outcome == RehearsalOutcome.Sealed, Tell(result));
    }

    [Fact]
    public void Without_user_the_user_stays_and_is_only_sealed_where_that_is_meant()
    {
        const string script = "waagent -force -deprovision";
        var result = Rehearse(script);
        Assert.True(result.Outcome == RehearsalOutcome.FalseSuccess, Tell(result));
        Assert.Contains("-KeepUser", result.Detail!, StringComparison.Ordinal);
        Assert.Equal(RehearsalOutcome.Sealed, Rehearse(script, options: new() { KeepUser = true }).Outcome);
        Assert.Equal(RehearsalOutcome.Sealed, Rehearse(script + "\nuserdel -f -r packer\nrm -f /etc/sudoers.d/waagent").Outcome);
    }

    [Fact]
    public void Files_of_the_machine_and_commands_that_are_done_can_be_told()
    {
        var result = Rehearse("set -e\ncontoso --deep\n[ \"$(cat /etc/contoso.conf)\" = seal ]\nyum clean all\n" + Agent, options: new()
        {
            Files = new Dictionary<string, string> { ["/etc/contoso.conf"] = "seal\n" }, AssumeDone = ["contoso", "../x", "a b"],
        });
        Assert.True(result.Outcome == RehearsalOutcome.Sealed, Tell(result));
        Assert.EndsWith("Not simulated: contoso, yum.", result.Detail!, StringComparison.Ordinal);
    }
}
