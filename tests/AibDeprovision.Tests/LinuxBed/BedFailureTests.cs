using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedDeprovision;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>What the hardened script and Invoke-AibDeprovision do where the real waagent fails, or cannot be run at all: the same.</summary>
public sealed class BedFailureTests
{
    private const string BusyResolvConf = "touch /root/r; mount --bind /root/r /etc/resolv.conf";

    /// <summary>As upstream has mended it since: the agent no longer stumbles over its own exception, logs it and exits 0.</summary>
    private const string NewerAgent = """
        sed -i 's/etype=type(exception), value=exception, tb=tb/type(exception), exception, tb/' \
            /usr/lib/python3/dist-packages/azurelinuxagent/common/utils/textutil.py
        """;

    [Theory]
    [InlineData(BedWay.Script, "malformed ovf-env.xml", "echo '<ns0:Environment' >/var/lib/waagent/ovf-env.xml", "waagent ended with status 1: xml.parsers.expat.ExpatError: ", true)]
    [InlineData(BedWay.Cmdlet, "malformed ovf-env.xml", "echo '<ns0:Environment' >/var/lib/waagent/ovf-env.xml", "waagent ended with status 1: xml.parsers.expat.ExpatError: ", true)]
    [InlineData(BedWay.Script, "busy resolv.conf", BusyResolvConf, "waagent ended with status 1: OSError: [Errno 16]", false)]
    [InlineData(BedWay.Cmdlet, "busy resolv.conf", BusyResolvConf, "waagent ended with status 1: OSError: [Errno 16]", false)]
    [InlineData(BedWay.Script, "read-only hostname", "mount --bind /etc/hostname /etc/hostname; mount -o remount,bind,ro /etc/hostname", "waagent ended with status 1: OSError: [Errno 30]", true)]
    [InlineData(BedWay.Cmdlet, "read-only hostname", "mount --bind /etc/hostname /etc/hostname; mount -o remount,bind,ro /etc/hostname", "waagent ended with status 1: OSError: [Errno 30]", true)]
    [InlineData(BedWay.Script, "exit code 0 and malformed", NewerAgent + "\necho broken >/var/lib/waagent/ovf-env.xml", "waagent logged: ", true)]
    [InlineData(BedWay.Cmdlet, "exit code 0 and malformed", NewerAgent + "\necho broken >/var/lib/waagent/ovf-env.xml", "waagent logged: ", true)]
    [InlineData(BedWay.Script, "exit code 0 and busy", NewerAgent + "\n" + BusyResolvConf, "Failed to run 'deprovision+user': [Errno 16]", false)]
    [InlineData(BedWay.Cmdlet, "exit code 0 and busy", NewerAgent + "\n" + BusyResolvConf, "Failed to run 'deprovision+user': [Errno 16]", false)]
    public void A_waagent_that_fails_fails_the_build_and_what_was_not_done_is_said(BedWay way, string name, string before, string cause, bool provisioned)
    {
        using var machine = BedModule.Start(before);

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.WaagentFailed, cause);
        AssertSaid(run, "not done: clean, verify, after;");
        AssertSaid(run, "not done: the account packer is still there");
        Assert.Equal(provisioned, run.Output.Any(line => line.Contains("not done: /var/lib/waagent still says", StringComparison.Ordinal)));
        // And it is as it was said.
        Assert.Contains("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
        Assert.Equal(provisioned, machine.Exists("/var/lib/waagent/provisioned"));
        Assert.True(machine.Exists("/var/lib/cloud/data/set-hostname"), name);
        Assert.Equal(BedMachine.MachineId, machine.Read("/etc/machine-id"));
        Assert.Equal(way == BedWay.Script, machine.Exists(BedMachine.ScriptPath));
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
    [InlineData(BedWay.Script, "rm /var/lib/waagent/ovf-env.xml")]
    [InlineData(BedWay.Cmdlet, "rm /var/lib/waagent/ovf-env.xml")]
    [InlineData(BedWay.Script, "sed -i /UserName/d /var/lib/waagent/ovf-env.xml")]
    [InlineData(BedWay.Cmdlet, "sed -i /UserName/d /var/lib/waagent/ovf-env.xml")]
    public void A_user_that_waagent_skips_is_deleted_without_it(BedWay way, string before)
    {
        using var machine = BedModule.Start(before);

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains("    | WARNING! Skip delete user.", run.Output);
        AssertSaid(run, "waagent: the provisioned user is packer, by 90-cloud-init-users");
        AssertSaid(run, "waagent: waagent has not deleted the user");
        AssertSaid(run, "clean: deleted the account packer");
        Assert.DoesNotContain("packer:", machine.Sh("cat /etc/passwd /etc/shadow /etc/group /etc/subuid"), StringComparison.Ordinal);
        Assert.DoesNotContain(machine.Remaining(), path => path.Contains("packer", StringComparison.Ordinal));
        Assert.Equal("packeradmin ALL=(ALL) ALL", machine.Read("/etc/sudoers.d/waagent"));
    }

    [Theory]
    [InlineData(BedWay.Script, "rm /var/lib/waagent/ovf-env.xml")]
    [InlineData(BedWay.Cmdlet, "rm /var/lib/waagent/ovf-env.xml")]
    [InlineData(BedWay.Script, "sed -i /UserName/d /var/lib/waagent/ovf-env.xml")]
    [InlineData(BedWay.Cmdlet, "sed -i /UserName/d /var/lib/waagent/ovf-env.xml")]
    public void A_user_that_waagent_skips_and_nothing_names_fails_the_build(BedWay way, string before)
    {
        using var machine = BedModule.Start(before + "; rm /etc/sudoers.d/90-cloud-init-users");
        Install(machine, way, new());

        var run = Run(machine, way, new(), "env", "-u", "SUDO_USER");

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "first /etc/passwd (the provisioned user, whom nothing names)");
        AssertSaid(run, "waagent: ovf-env.xml is missing or names no user that may be deleted");
        AssertSaid(run, "waagent: the provisioned user is not known: no account will be deleted");
        Assert.Contains("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void Without_waagent_nothing_is_done(BedWay way)
    {
        using var machine = BedModule.Start("rm -f /usr/sbin/waagent");
        Install(machine, way, new());
        var before = BedModule.Snapshot(machine);

        var run = Run(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.WaagentNotFound);
        Assert.Equal(before, BedModule.Snapshot(machine));
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void Without_root_nothing_is_done(BedWay way)
    {
        using var machine = BedModule.Start();
        Install(machine, way, new());
        var before = BedModule.Snapshot(machine);

        var run = Run(machine, way, new(), "setpriv", "--reuid=packer", "--regid=packer", "--init-groups");

        AssertVerdict(run, DeprovisionExitCode.NotElevated);
        Assert.Equal(before, BedModule.Snapshot(machine));
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void A_waagent_that_hangs_is_ended_at_the_deadline(BedWay way)
    {
        // The agent of the RHEL family looks for a network interface until it finds one.
        using var machine = BedModule.Start("ip link del eth0; rm /etc/os-release; printf 'ID=rhel\\nVERSION_ID=9.4\\n' >/etc/os-release");

        var run = Deprovision(machine, way, new() { Deadline = TimeSpan.FromSeconds(10) });

        AssertVerdict(run, DeprovisionExitCode.DeadlinePassed, "waagent had not ended when the deadline of 10 s passed");
        AssertSaid(run, "not done: clean, verify, after;");
        AssertSaid(run, "not done: the account packer is still there");
        Assert.Equal("", machine.Sh("pgrep -f [w]aagent || :"));
        Assert.InRange(run.Duration.TotalSeconds, 9, 60);
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void A_full_disk_does_not_keep_it_from_sealing(BedWay way)
    {
        using var machine = BedModule.Start(size: "64m");
        Install(machine, way, new());
        machine.Sh("cat /dev/zero >/var/fill 2>/dev/null || :");
        Assert.NotEqual(0, machine.Run(["sh", "-c", "echo more >/var/more"]).ExitCode);

        AssertVerdict(Run(machine, way, new()), DeprovisionExitCode.Sealed);

        Assert.DoesNotContain("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void A_full_disk_on_which_waagent_frees_nothing_fails_the_build(BedWay way)
    {
        using var machine = BedModule.Start("""
            rm /etc/ssh/ssh_host_* /etc/resolv.conf
            mount -t tmpfs -o mode=755,size=16m etc /mnt
            cp -a /etc/. /mnt
            mount --move /mnt /etc
            """);
        Install(machine, way, new());
        machine.Sh("cat /dev/zero >/etc/fill 2>/dev/null || :");

        var run = Run(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "first /etc/passwd (the account packer)");
        AssertSaid(run, "verify: left: /etc/passwd (the account packer)");
        Assert.Contains(run.Output, line => line.StartsWith("    | userdel: ", StringComparison.Ordinal) && line.Contains("No space left on device", StringComparison.Ordinal));
        Assert.Contains("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void An_account_that_cannot_be_deleted_is_residue(BedWay way)
    {
        // Held by a process that lives.
        using var machine = BedModule.Start("echo 1 >/etc/passwd.lock");

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "/etc/passwd (the account packer)");
        Assert.Contains(run.Output, line => line.Contains("cannot lock /etc/passwd", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(BedWay.Script, "cp /usr/bin/sleep /usr/local/bin/dpkg; dpkg 60 >/dev/null 2>&1 &", "dpkg (process")]
    [InlineData(BedWay.Cmdlet, "cp /usr/bin/sleep /usr/local/bin/dpkg; dpkg 60 >/dev/null 2>&1 &", "dpkg (process")]
    [InlineData(BedWay.Script, "rm /run/cloud-init/result.json", "cloud-init")]
    [InlineData(BedWay.Cmdlet, "rm /run/cloud-init/result.json", "cloud-init")]
    public void What_never_gets_done_is_not_waited_for_without_end(BedWay way, string before, string what)
    {
        using var machine = BedModule.Start(before);

        var run = Deprovision(machine, way, new() { ServiceTimeout = TimeSpan.FromSeconds(3) });

        AssertVerdict(run, DeprovisionExitCode.NotReady, what);
        AssertSaid(run, "wait-agent: waiting for " + what);
        Assert.True(machine.Exists("/var/lib/waagent/provisioned"));
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void A_package_manager_may_finish_its_work(BedWay way)
    {
        using var machine = BedModule.Start();
        // It is done some seconds after the work has begun, however long PowerShell takes to start.
        machine.Sh("""
            cp /usr/bin/sleep /usr/local/bin/dpkg
            dpkg 4711 >/dev/null 2>&1 &
            (until pgrep -f '[D]eprovisioningScript.sh' || grep -q AibDeprovision.dll /proc/[0-9]*/maps; do sleep 0.2; done; sleep 6; kill $!) >/dev/null 2>&1 &
            """);

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "wait-agent: waiting for dpkg (process");
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void What_is_mounted_in_a_temporary_folder_is_nobodys_residue(BedWay way)
    {
        using var machine = BedModule.Start("mkdir -p /tmp/mnt /tmp/other; mount -t tmpfs mnt /tmp/mnt; echo data >/tmp/mnt/file");

        AssertVerdict(Deprovision(machine, way, new()), DeprovisionExitCode.Sealed);

        Assert.Equal("mnt", machine.Sh("ls -A /tmp"));
        Assert.Equal("data", machine.Read("/tmp/mnt/file"));
    }
}
