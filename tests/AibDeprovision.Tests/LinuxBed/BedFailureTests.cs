using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>What the hardened script does where the real waagent fails, or cannot be run at all.</summary>
public sealed class BedFailureTests
{
    private const string BusyResolvConf = "touch /root/r; mount --bind /root/r /etc/resolv.conf";

    /// <summary>As upstream has mended it since: the agent no longer stumbles over its own exception, logs it and exits 0.</summary>
    private const string NewerAgent = """
        sed -i 's/etype=type(exception), value=exception, tb=tb/type(exception), exception, tb/' \
            /usr/lib/python3/dist-packages/azurelinuxagent/common/utils/textutil.py
        """;

    [Theory]
    [InlineData("malformed ovf-env.xml", "echo '<ns0:Environment' >/var/lib/waagent/ovf-env.xml", "waagent ended with status 1: xml.parsers.expat.ExpatError: ", true)]
    [InlineData("busy resolv.conf", BusyResolvConf, "waagent ended with status 1: OSError: [Errno 16]", false)]
    [InlineData("read-only hostname", "mount --bind /etc/hostname /etc/hostname; mount -o remount,bind,ro /etc/hostname", "waagent ended with status 1: OSError: [Errno 30]", true)]
    [InlineData("exit code 0 and malformed", NewerAgent + "\necho broken >/var/lib/waagent/ovf-env.xml", "waagent logged: ", true)]
    [InlineData("exit code 0 and busy", NewerAgent + "\n" + BusyResolvConf, "Failed to run 'deprovision+user': [Errno 16]", false)]
    public void A_waagent_that_fails_fails_the_build_and_what_was_not_done_is_said(string name, string before, string cause, bool provisioned)
    {
        using var machine = BedMachine.Start(before);

        var run = machine.RunScript(Hardened(new()));

        AssertVerdict(run, DeprovisionExitCode.WaagentFailed, cause);
        AssertSaid(run, "not done: clean, verify, after;");
        AssertSaid(run, "not done: the account packer is still there");
        Assert.Equal(provisioned, run.Output.Any(line => line.Contains("not done: /var/lib/waagent still says", StringComparison.Ordinal)));
        // And it is as it was said.
        Assert.Contains("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
        Assert.Equal(provisioned, machine.Exists("/var/lib/waagent/provisioned"));
        Assert.True(machine.Exists("/var/lib/cloud/data/set-hostname"), name);
        Assert.Equal(BedMachine.MachineId, machine.Read("/etc/machine-id"));
        Assert.True(machine.Exists(BedMachine.ScriptPath));
    }

    [Fact]
    public void The_documented_default_succeeds_where_such_an_agent_has_done_nothing()
    {
        using var machine = BedMachine.Start(NewerAgent + "\necho broken >/var/lib/waagent/ovf-env.xml");

        var run = machine.RunScript(Generic("linux-2"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
        Assert.True(machine.Exists("/var/lib/waagent/provisioned"));
    }

    [Theory]
    [InlineData("rm /var/lib/waagent/ovf-env.xml")]
    [InlineData("sed -i /UserName/d /var/lib/waagent/ovf-env.xml")]
    public void A_user_that_waagent_skips_is_deleted_without_it(string before)
    {
        using var machine = BedMachine.Start(before);

        var run = machine.RunScript(Hardened(new()));

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains("    | WARNING! Skip delete user.", run.Output);
        AssertSaid(run, "waagent: the provisioned user is packer, by 90-cloud-init-users");
        AssertSaid(run, "waagent: waagent has not deleted the user");
        AssertSaid(run, "clean: deleted the account packer");
        Assert.DoesNotContain("packer:", machine.Sh("cat /etc/passwd /etc/shadow /etc/group /etc/subuid"), StringComparison.Ordinal);
        Assert.DoesNotContain(machine.Remaining(), path => path.Contains("packer", StringComparison.Ordinal));
        Assert.Equal("packeradmin ALL=(ALL) ALL", machine.Read("/etc/sudoers.d/waagent"));
    }

    [Fact]
    public void Without_waagent_nothing_is_done()
    {
        using var machine = BedMachine.Start("rm -f /usr/sbin/waagent");
        machine.Sh($"cat >{BedMachine.ScriptPath}", Hardened(new()));
        var before = machine.Snapshot();

        var run = machine.Run(["sh", BedMachine.ScriptPath]);

        AssertVerdict(run, DeprovisionExitCode.WaagentNotFound);
        Assert.Equal(before, machine.Snapshot());
    }

    [Fact]
    public void Without_root_nothing_is_done()
    {
        using var machine = BedMachine.Start();
        machine.Sh($"cat >{BedMachine.ScriptPath}", Hardened(new()));
        var before = machine.Snapshot();

        var run = machine.Run(["setpriv", "--reuid=packer", "--regid=packer", "--init-groups", "sh", BedMachine.ScriptPath]);

        AssertVerdict(run, DeprovisionExitCode.NotElevated);
        Assert.Equal(before, machine.Snapshot());
    }

    [Fact]
    public void A_waagent_that_hangs_is_ended_at_the_deadline()
    {
        // The agent of the RHEL family looks for a network interface until it finds one.
        using var machine = BedMachine.Start("ip link del eth0; rm /etc/os-release; printf 'ID=rhel\\nVERSION_ID=9.4\\n' >/etc/os-release");

        var run = machine.RunScript(Hardened(new() { Deadline = TimeSpan.FromSeconds(10) }));

        AssertVerdict(run, DeprovisionExitCode.DeadlinePassed, "waagent had not ended when the deadline of 10 s passed");
        Assert.Equal("", machine.Sh("pgrep -f [w]aagent || :"));
        Assert.InRange(run.Duration.TotalSeconds, 9, 60);
    }

    [Fact]
    public void A_full_disk_does_not_keep_it_from_sealing()
    {
        using var machine = BedMachine.Start(size: "64m");
        machine.Sh($"cat >{BedMachine.ScriptPath}; cat /dev/zero >/var/fill 2>/dev/null || :", Hardened(new()));
        Assert.NotEqual(0, machine.Run(["sh", "-c", "echo more >/var/more"]).ExitCode);

        AssertVerdict(machine.Run(["sh", BedMachine.ScriptPath]), DeprovisionExitCode.Sealed);

        Assert.DoesNotContain("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_cannot_be_deleted_is_residue()
    {
        // Held by a process that lives.
        using var machine = BedMachine.Start("echo 1 >/etc/passwd.lock");

        var run = machine.RunScript(Hardened(new()));

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "/etc/passwd (the account packer)");
        Assert.Contains(run.Output, line => line.Contains("cannot lock /etc/passwd", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cp /usr/bin/sleep /usr/local/bin/dpkg; dpkg 60 >/dev/null 2>&1 &", "dpkg (process")]
    [InlineData("rm /run/cloud-init/result.json", "cloud-init")]
    public void What_never_gets_done_is_not_waited_for_without_end(string before, string what)
    {
        using var machine = BedMachine.Start(before);

        var run = machine.RunScript(Hardened(new() { ServiceTimeout = TimeSpan.FromSeconds(3) }));

        AssertVerdict(run, DeprovisionExitCode.NotReady, what);
        AssertSaid(run, "wait-agent: waiting for " + what);
        Assert.True(machine.Exists("/var/lib/waagent/provisioned"));
    }

    [Fact]
    public void A_package_manager_may_finish_its_work()
    {
        using var machine = BedMachine.Start();
        machine.Sh("cp /usr/bin/sleep /usr/local/bin/dpkg; dpkg 8 >/dev/null 2>&1 &");

        var run = machine.RunScript(Hardened(new()));

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "wait-agent: waiting for dpkg (process");
    }
}
