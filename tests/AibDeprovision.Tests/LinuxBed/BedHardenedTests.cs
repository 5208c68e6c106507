using AibDeprovision.Plans;
using AibDeprovision.Tests.Engine;
using static AibDeprovision.Tests.LinuxBed.BedDeprovision;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The hardened script, Invoke-AibDeprovision and the documented defaults with the real waagent and cloud-init.</summary>
public sealed class BedHardenedTests
{
    /// <summary>What the hardened script and the cmdlet leave: what belongs to a user of the image, and what was installed for root.</summary>
    private static readonly string[] Staying =
    [
        "/home/appsvc/.aws/credentials",
        "/home/appsvc/.azure/azureProfile.json",
        "/home/appsvc/.azure/cliextensions/ssh/metadata.json",
        "/home/appsvc/.azure/msal_token_cache.json",
        "/home/appsvc/.cache/pip/http",
        "/home/appsvc/.config/gcloud/credentials.db",
        "/home/appsvc/.config/gh/hosts.yml",
        "/home/appsvc/.docker/config.json",
        "/home/appsvc/.git-credentials",
        "/home/appsvc/.kube/config",
        "/home/appsvc/.netrc",
        "/home/appsvc/.ssh/authorized_keys",
        "/home/appsvc/.ssh/id_ed25519",
        "/home/appsvc/.ssh/known_hosts",
        "/root/.azure/cliextensions/ssh/metadata.json",
        "/root/.cache/pip/http",
    ];

    [Theory]
    [InlineData("linux-1")]
    [InlineData("linux-2")]
    public void The_documented_default_leaves_all_of_this(string version)
    {
        using var machine = BedMachine.Start();

        var run = machine.RunScript(Generic(version));

        Assert.True(run.ExitCode == 0, run.ToString());
        var fixture = Repository.PathOf("tests", "AibDeprovision.Tests", "Fixtures", "linux-default-residue.txt");
        Assert.Equal(File.ReadAllLines(fixture), machine.Remaining());
        Assert.Equal(BedMachine.MachineId, machine.Read("/etc/machine-id"));
        // What the default does promise, it keeps here.
        Assert.DoesNotContain("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
        Assert.Equal("", machine.Sh("ls -A /var/lib/waagent; ls /etc/ssh/ssh_host_* 2>/dev/null || :"));
        // The rule of another user, whose name only begins like the provisioned one's, is gone with it.
        Assert.Equal("", machine.Read("/etc/sudoers.d/waagent"));
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void Script_and_cmdlet_leave_none_of_it(BedWay way)
    {
        using var machine = BedModule.Start();

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("", run.Error);
        Assert.Equal(Staying, machine.Remaining());
        Assert.Equal("", machine.Read("/etc/machine-id"));
        Assert.Equal("", machine.Sh("ls -A /var/lib/waagent; ls /etc/ssh/ssh_host_* /var/lib/cloud/instance /tmp/* /run/aib-* 2>/dev/null || :"));
        Assert.DoesNotContain("packer:", machine.Sh("cat /etc/passwd /etc/shadow /etc/group /etc/subuid /etc/subgid"), StringComparison.Ordinal);
        Assert.Equal("packeradmin ALL=(ALL) ALL", machine.Read("/etc/sudoers.d/waagent"));
        Assert.Equal("127.0.0.1 localhost", machine.Read("/etc/hosts"));
        Assert.StartsWith("root:*", machine.Read("/etc/shadow"), StringComparison.Ordinal);
        Assert.Equal("700 root\n600 root", machine.Sh("cd /var/lib/aibdeprovision && stat -c '%a %U' . *"));
        Assert.Equal("new", machine.Sh("""
            . /var/lib/aibdeprovision/sealed
            [ "$format $verdict" = '1 Sealed' ] && [ "$(date -d "$time" +%s)" -gt 0 ] || exit
            hash() { printf '%s%s' "$salt" "$1" | sha256sum; }
            [ "$(hash 0123456789abcdef0123456789abcdef)" = "$identity  -" ] || exit
            [ "$(hash "$(cat /etc/machine-id)")" = "$identity  -" ] || echo new
            """));
        Assert.Equal("visudo", machine.Sh("visudo -c >/dev/null && echo visudo"));
        Assert.Contains(run.Output, line => line.Contains("kept: the credentials of appsvc, in every VM", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.Contains("kept: the authorized_keys of appsvc", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void A_second_run_changes_nothing_more(BedWay way)
    {
        using var machine = BedModule.Start();
        AssertVerdict(Deprovision(machine, way, new()), DeprovisionExitCode.Sealed);
        var before = BedModule.Snapshot(machine);

        AssertVerdict(Deprovision(machine, way, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(before, BedModule.Snapshot(machine));

        // Called by a user of the image.
        Install(machine, way, new());
        AssertVerdict(Run(machine, way, new(), "env", "SUDO_USER=appsvc"), DeprovisionExitCode.Sealed);

        Assert.Equal(before, BedModule.Snapshot(machine));
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void Logs_on_a_disk_of_their_own_are_emptied_and_looked_at(BedWay way)
    {
        using var machine = BedModule.Start("mkdir -p /var/log/audit; mount -t tmpfs audit /var/log/audit; echo CANARY >/var/log/audit/audit.log");
        const string Look = "(Test-AibGeneralization).File -contains '/var/log/audit/audit.log'";
        Assert.Equal("True", BedModule.Run(machine, Look).Output[^1]);

        AssertVerdict(Deprovision(machine, way, new()), DeprovisionExitCode.Sealed);

        Assert.Equal("", machine.Read("/var/log/audit/audit.log"));
        Assert.Equal("False", BedModule.Run(machine, Look).Output[^1]);
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void A_machine_id_that_is_to_stay_stays_where_the_agent_removes_it(BedWay way)
    {
        using var machine = BedModule.Start("rm /etc/os-release; printf 'ID=arch\nVERSION_ID=rolling\n' >/etc/os-release; chmod 640 /etc/machine-id");

        var run = Deprovision(machine, way, new() { Keep = ResidueKinds.MachineId });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "waagent: restored /etc/machine-id");
        Assert.Equal(BedMachine.MachineId, machine.Read("/etc/machine-id"));
        Assert.Equal("640", machine.Sh("stat -c %a /etc/machine-id"));
        // What a service writes from here on is none of the build's.
        machine.Sh("echo 'session closed' >>/var/log/auth.log");
        Assert.Equal("True", BedModule.Run(machine, "Test-AibGeneralization -Quiet -Keep MachineId").Output[^1]);
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void It_seals_after_the_documented_default_too(BedWay way)
    {
        using var machine = BedModule.Start();
        Assert.Equal(0, machine.RunScript(Generic("linux-2")).ExitCode);

        AssertVerdict(Deprovision(machine, way, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(Staying, machine.Remaining());
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void Scripts_that_cloud_init_clean_takes_along_are_named(BedWay way)
    {
        using var machine = BedModule.Start("mkdir -p /var/lib/cloud/scripts/per-boot; echo true >/var/lib/cloud/scripts/per-boot/own.sh");

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "clean: cloud-init clean will also remove the scripts in /var/lib/cloud/scripts (1)");
        Assert.False(machine.Exists("/var/lib/cloud/scripts/per-boot/own.sh"));
    }

    [Theory]
    [InlineData(BedWay.Script, ResidueKinds.MachineId, "machine-id", "")]
    [InlineData(BedWay.Cmdlet, ResidueKinds.MachineId, "machine-id", "")]
    [InlineData(BedWay.Script, ResidueKinds.CloudInit, "state, logs and network files of cloud-init", "/var/lib/cloud/data/set-hostname /etc/netplan/50-cloud-init.yaml /var/log/cloud-init.log")]
    [InlineData(BedWay.Cmdlet, ResidueKinds.CloudInit, "state, logs and network files of cloud-init", "/var/lib/cloud/data/set-hostname /etc/netplan/50-cloud-init.yaml /var/log/cloud-init.log")]
    [InlineData(BedWay.Script, ResidueKinds.Logs, "logs, except those that waagent removes", "/var/log/auth.log /var/log/syslog.2.gz /var/mail/root")]
    [InlineData(BedWay.Cmdlet, ResidueKinds.Logs, "logs, except those that waagent removes", "/var/log/auth.log /var/log/syslog.2.gz /var/mail/root")]
    [InlineData(BedWay.Script, ResidueKinds.History, "histories, except root's .bash_history, which waagent removes", "/root/.zsh_history /home/appsvc/.bash_history")]
    [InlineData(BedWay.Cmdlet, ResidueKinds.History, "histories, except root's .bash_history, which waagent removes", "/root/.zsh_history /home/appsvc/.bash_history")]
    [InlineData(BedWay.Script, ResidueKinds.TempFiles, "/tmp and /var/tmp", "/tmp/packer-shell123 /var/tmp/build.tmp")]
    [InlineData(BedWay.Cmdlet, ResidueKinds.TempFiles, "/tmp and /var/tmp", "/tmp/packer-shell123 /var/tmp/build.tmp")]
    [InlineData(BedWay.Script, ResidueKinds.RootSshKeys, "root's SSH keys", "/root/.ssh/authorized_keys /root/.ssh/id_ed25519 /root/.ssh/known_hosts")]
    [InlineData(BedWay.Cmdlet, ResidueKinds.RootSshKeys, "root's SSH keys", "/root/.ssh/authorized_keys /root/.ssh/id_ed25519 /root/.ssh/known_hosts")]
    [InlineData(BedWay.Script, ResidueKinds.Credentials, "root's credentials", "/root/.azure/msal_token_cache.json /root/.netrc /root/.docker/config.json")]
    [InlineData(BedWay.Cmdlet, ResidueKinds.Credentials, "root's credentials", "/root/.azure/msal_token_cache.json /root/.netrc /root/.docker/config.json")]
    public void What_is_to_be_kept_is_kept_and_named(BedWay way, ResidueKinds item, string said, string paths)
    {
        using var machine = BedModule.Start();

        var run = Deprovision(machine, way, new() { Keep = item });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.EndsWith("verify: kept: " + said, StringComparison.Ordinal));
        var kept = machine.Remaining().Except(Staying).ToArray();
        Assert.Equal(item == ResidueKinds.MachineId, machine.Read("/etc/machine-id") == BedMachine.MachineId);
        Assert.Equal(item == ResidueKinds.MachineId, kept.Length == 0);
        Assert.Superset(paths.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), kept.ToHashSet());
        Assert.DoesNotContain(kept, path => path.StartsWith("/var/lib/waagent", StringComparison.Ordinal) || path.StartsWith("/home/packer", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void A_user_that_is_to_be_kept_can_still_do_everything(BedWay way)
    {
        using var machine = BedModule.Start();

        var run = Deprovision(machine, way, new() { KeepUser = true });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.EndsWith("verify: kept: the provisioned user and the sudo rules", StringComparison.Ordinal));
        Assert.Equal("0", machine.Sh("su packer -c 'sudo -n id -u'"));
        Assert.Contains("/home/packer/.ssh/authorized_keys", machine.Remaining());
        Assert.DoesNotContain("/home/packer/.bash_history", machine.Remaining());
    }
}
