using AibDeprovision.Plans;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>How the hardened Linux script finds out whom to delete, and that it deletes nobody else.</summary>
public sealed class HardenedLinuxUserTests
{
    [Fact]
    public void A_deleted_account_takes_nobody_elses_rules_along()
    {
        var machine = SeededMachine("dash");
        machine.Files.WriteFile("/etc/sudoers.d/own", "pack.er ALL=(ALL) ALL\npacker ALL=(ALL) ALL\npacker2 ALL=(ALL) ALL\n");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.Equal("pack.er ALL=(ALL) ALL\npacker2 ALL=(ALL) ALL\n", machine.Files.ReadFile("/etc/sudoers.d/own"));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_rule_that_waagent_takes_for_the_users_own_is_restored(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.WriteFile("/etc/sudoers.d/waagent", "packer ALL=(ALL) NOPASSWD: ALL\n# \\n $HOME `x` 'y'\npackeradmin ALL=(ALL) ALL, !/bin/su\nother ALL=(ALL) ALL\n");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("# \\n $HOME `x` 'y'\npackeradmin ALL=(ALL) ALL, !/bin/su\nother ALL=(ALL) ALL\n", machine.Files.ReadFile("/etc/sudoers.d/waagent"));
        Assert.Contains(run.Output, line => line.EndsWith("restored in /etc/sudoers.d/waagent the rule of packeradmin", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void Without_ovf_env_xml_the_user_is_the_one_of_cloud_inits_sudo_rules(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.Delete("/var/lib/waagent/ovf-env.xml");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.Contains("the provisioned user is packer, by 90-cloud-init-users", StringComparison.Ordinal));
        Assert.Contains("userdel -f -r packer", Calls(machine));
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(SudoCallers), MemberType = typeof(SeededLinuxMachine))]
    public void As_the_last_resort_it_is_the_one_who_called_sudo(string name, bool deleted)
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/var/lib/waagent/ovf-env.xml");
        machine.Files.Delete("/etc/sudoers.d/90-cloud-init-users");

        var run = RunPlan(machine, "dash", new(), new() { Environment = new Dictionary<string, string> { ["SUDO_USER"] = name } });

        AssertVerdict(run, deleted ? DeprovisionExitCode.Sealed : DeprovisionExitCode.ResidueLeft, deleted ? "" : "1 left, first /etc/passwd (the provisioned user, whom nothing names)");
        Assert.Equal(deleted, Calls(machine).Contains($"userdel -f -r {name}"));
    }

    [Theory]
    [InlineData("rm /var/lib/waagent/provisioned", false)]
    [InlineData("true", true)]
    public void A_user_whom_nothing_names_may_stay_where_none_was_provisioned_or_it_is_asked_for(string before, bool keepUser)
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/var/lib/waagent/ovf-env.xml");
        machine.Files.Delete("/etc/sudoers.d/90-cloud-init-users");

        // As after a first run: a user of the image calls it again.
        var run = RunPlan(machine, "dash", new() { BeforeScript = before, KeepUser = keepUser }, new() { Environment = new Dictionary<string, string> { ["SUDO_USER"] = "packer" } });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.DoesNotContain(Calls(machine), call => call.StartsWith("userdel", StringComparison.Ordinal));
        Assert.Equal(!keepUser, run.Output.Any(line => line.Contains("kept: every account", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("<ns1:UserName>packer</ns1:UserName>")]
    [InlineData("<UserName>packer</UserName>")]
    [InlineData("<a.b-c:UserName>\n  packer\r\n</a.b-c:UserName><UserPassword>REDACTED</UserPassword>")]
    public void The_user_is_read_whatever_the_prefix(string element)
    {
        var machine = SeededMachine("dash");
        machine.Files.WriteFile("/var/lib/waagent/ovf-env.xml", $"<Environment><x:Section>{element}</x:Section></Environment>\n");
        Assert.Contains(RunPlan(machine, "dash", new()).Output, line => line.Contains("the provisioned user is packer, by ovf-env.xml", StringComparison.Ordinal));
    }
}
