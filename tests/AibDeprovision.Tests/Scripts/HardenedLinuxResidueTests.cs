using AibDeprovision.Plans;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>What the hardened Linux script clears, what a switch keeps of it, and what it names when it cannot clear it.</summary>
public sealed class HardenedLinuxResidueTests
{
    public static TheoryData<string, string> ShellsAndSwitches
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] switches = ["User", .. Enum.GetNames<ResidueKinds>().Where(name => name != nameof(ResidueKinds.None))];
            foreach (var shell in (string[])["dash", "bash --posix", "busybox sh"])
            {
                foreach (var name in switches)
                {
                    data.Add(shell, name);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void Nothing_of_the_table_survives(string shell)
    {
        var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal(KeptPaths(""), Surviving(machine));
        Assert.Equal("", machine.Files.ReadFile("/etc/machine-id"));
        Assert.False(machine.Files.Exists("/var/lib/dbus/machine-id"));
        Assert.False(machine.Files.Exists("/etc/sudoers.d/waagent"));
        Assert.DoesNotContain("packer:", machine.Files.ReadFile("/etc/passwd") + machine.Files.ReadFile("/etc/subuid") + machine.Files.ReadFile("/etc/subgid"), StringComparison.Ordinal);
        Assert.Equal("Defaults env_reset\nroot ALL=(ALL) ALL\npackeradmin ALL=(ALL) ALL\n", machine.Files.ReadFile("/etc/sudoers"));
        Assert.Equal("127.0.0.1 localhost\n", machine.Files.ReadFile("/etc/hosts"));
        Assert.Equal("/run/systemd/resolve/stub-resolv.conf", machine.Files.ReadLink("/etc/resolv.conf"));
        Assert.Equal("", machine.Files.ReadFile("/var/log/auth.log"));
        Assert.StartsWith("root:*:", machine.Files.ReadFile("/etc/shadow"), StringComparison.Ordinal);
        Assert.DoesNotContain(machine.Files.Below("/run"), path => path.StartsWith("/run/aib-", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ShellsAndSwitches))]
    public void A_switch_keeps_exactly_its_own(string shell, string name)
    {
        var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new()
        {
            KeepUser = name == "User",
            Keep = Enum.TryParse(name, out ResidueKinds items) ? items : ResidueKinds.None,
        });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal(KeptPaths(name), Surviving(machine));
        Assert.Equal(name == "MachineId" ? MachineId : "", machine.Files.ReadFile("/etc/machine-id"));
        Assert.Equal(name == "MachineId", machine.Files.Exists("/var/lib/dbus/machine-id"));
        Assert.Equal(name == "User", machine.Files.ReadFile("/etc/passwd")!.Contains("packer:", StringComparison.Ordinal));
        Assert.Equal(name == "User", machine.Files.ReadFile("/etc/sudoers")!.Contains("packer ALL", StringComparison.Ordinal));
        Assert.Equal(name == "CloudInit", machine.Files.ReadFile("/etc/hosts")!.Contains("127.0.1.1", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.Contains("verify: kept: ", StringComparison.Ordinal));
        Assert.Contains(name == "User" ? "waagent -force -deprovision" : "waagent -force -deprovision+user", Calls(machine));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_second_run_is_harmless(string shell)
    {
        var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);
        var before = Snapshot(machine);

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(before, Snapshot(machine));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void It_removes_itself_when_sealed(string shell)
    {
        var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new() { Keep = ResidueKinds.TempFiles }), DeprovisionExitCode.Sealed);
        Assert.False(machine.Files.Exists("/tmp/DeprovisioningScript.sh"));
    }

    [Fact]
    public void It_stays_when_it_has_failed_or_is_not_where_the_service_puts_it()
    {
        var machine = SeededMachine("dash");
        AssertVerdict(RunPlan(machine, "dash", new() { AfterScript = "exit 3" }), DeprovisionExitCode.HookFailed);
        Assert.True(machine.Files.Exists("/tmp/DeprovisioningScript.sh"));

        AssertVerdict(RunPlan(machine, "dash", new(), new() { ScriptPath = "/opt/own.sh" }), DeprovisionExitCode.Sealed);
        Assert.True(machine.Files.Exists("/opt/own.sh"));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void What_cannot_be_removed_is_named(string shell)
    {
        var machine = SeededMachine(shell);

        // A mount point cannot be removed, nor can a file of a read-only mount be emptied.
        var run = RunPlan(machine, shell, new()
        {
            BeforeScript = "mount --bind /etc/os-release /var/lib/systemd/credential.secret\n"
                + "mount --bind /etc/machine-id /etc/machine-id && mount -o remount,bind,ro /etc/machine-id",
        });

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "2 left, first /var/lib/systemd/credential.secret");
        Assert.Contains(run.Output, line => line.Contains("verify: left: /etc/machine-id (", StringComparison.Ordinal));
        Assert.True(machine.Files.Exists("/tmp/DeprovisioningScript.sh"));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_home_that_outlives_its_user_goes_and_where_it_cannot_it_is_residue(string shell)
    {
        foreach (var (before, verdict, cause) in ((string, DeprovisionExitCode, string)[])
            [("", DeprovisionExitCode.Sealed, ""), ("mount --bind /home/packer/disk /home/packer/disk", DeprovisionExitCode.ResidueLeft, "1 left, first /home/packer (")])
        {
            var machine = SeededMachine(shell);
            machine.WriteCommand("userdel", "sed -i \"/^$3:/d\" /etc/passwd");
            machine.Files.WriteFile("/home/packer/disk/file", Canary);

            AssertVerdict(RunPlan(machine, shell, new() { BeforeScript = before }), verdict, cause);

            Assert.Equal(verdict != DeprovisionExitCode.Sealed, machine.Files.Exists("/home/packer"));
        }
    }

    [Fact]
    public void Where_systemd_keeps_the_machine_id_elsewhere_it_is_emptied_there()
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/etc/machine-id");
        machine.Files.WriteFile("/var/lib/id", MachineId);
        machine.Files.WriteLink("/etc/machine-id", "/var/lib/id");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.Equal("/var/lib/id", machine.Files.ReadLink("/etc/machine-id"));
        Assert.Equal("", machine.Files.ReadFile("/var/lib/id"));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_cloud_init_that_cannot_clean_is_helped(string shell)
    {
        var machine = SeededMachine(shell);
        machine.WriteCommand("cloud-init", "echo 'ValueError: broken'; exit 1");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains("    | ValueError: broken", run.Output);
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Fact]
    public void Where_nothing_makes_new_ones_host_keys_and_network_files_stay()
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/usr/sbin/cloud-init");
        machine.Files.WriteFile("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=n\n");

        var run = RunPlan(machine, "dash", new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.True(machine.Files.Exists("/etc/ssh/ssh_host_ed25519_key"));
        Assert.True(machine.Files.Exists("/etc/netplan/50-cloud-init.yaml"));
        Assert.False(machine.Files.Exists("/var/lib/cloud/data/set-hostname"));
        Assert.Contains(run.Output, line => line.Contains("kept: SSH host keys", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.Contains("kept: network files", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_cloud_init_may_not_configure_the_network_its_files_stay()
    {
        var machine = SeededMachine("dash");
        machine.Files.WriteFile("/etc/cloud/cloud.cfg.d/99-off.cfg", "network: {config: disabled}\n");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.True(machine.Files.Exists("/etc/netplan/50-cloud-init.yaml"));
        Assert.False(machine.Files.Exists("/etc/ssh/ssh_host_ed25519_key"));
    }

    [Fact]
    public void What_switches_the_generator_of_network_names_off_stays()
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/etc/udev/rules.d/75-persistent-net-generator.rules");
        machine.Files.WriteLink("/etc/udev/rules.d/75-persistent-net-generator.rules", "/dev/null");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.True(machine.Files.Exists("/etc/udev/rules.d/75-persistent-net-generator.rules"));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void What_waagent_is_lent_is_taken_back_even_when_it_fails(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.WriteFile("/etc/os-release", "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n");
        WriteAgent(machine, "cat /etc/sysconfig/network/dhcp && exit 3");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.WaagentFailed, "waagent ended with status 3: DHCLIENT_HOSTNAME_OPTION=\"AUTO\"");
        Assert.False(machine.Files.Exists("/etc/sysconfig/network/dhcp"));
        Assert.True(machine.Files.Exists("/etc/sysconfig/network-scripts/ifcfg-eth0"));
    }

    [Fact]
    public void A_file_that_the_agent_writes_behind_waagents_back_goes_too()
    {
        var machine = SeededMachine("dash");
        machine.Files.WriteFile("/waagent-leaves", "/var/lib/waagent/WALinuxAgent-9.9.9.9");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.Empty(machine.Files.Below("/var/lib/waagent"));
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_machine_that_has_almost_nothing_is_sealed_as_well(string shell)
    {
        RequireShell(shell);
        var machine = new LinuxTestMachine();
        machine.Files.WriteFile("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        machine.WriteCommand("/usr/share/oem/bin/waagent", "exit 0");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void The_tools_of_busybox_do_as_well()
    {
        var machine = SeededMachine("busybox sh");
        foreach (var tool in (string[])["cat", "cut", "date", "find", "grep", "head", "id", "ln", "mktemp", "readlink", "rm", "sed", "sh", "sleep", "tail", "timeout", "tr"])
        {
            machine.Files.WriteLink("/usr/sbin/" + tool, machine.Files.ReadLink("/usr/bin/busybox")!);
        }

        var run = RunPlan(machine, "busybox sh", new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("", run.Error);
        Assert.Equal(KeptPaths(""), Surviving(machine));

        WriteAgent(machine, "sleep 50; sleep 50");
        AssertVerdict(RunPlan(machine, "busybox sh", new() { Deadline = TimeSpan.FromSeconds(2) }), DeprovisionExitCode.DeadlinePassed, "waagent");
    }
}
