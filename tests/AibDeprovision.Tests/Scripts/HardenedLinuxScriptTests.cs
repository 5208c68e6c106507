using System.Text.RegularExpressions;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The hardened Linux script, run as root of a scratch machine with a stubbed agent, in every shell that may run it.</summary>
public sealed partial class HardenedLinuxScriptTests
{
    private const string Canary = "CANARY-7f3a";

    private const string MachineId = "0123456789abcdef0123456789abcdef\n";

    /// <summary>Everything that a build leaves, and what keeps it: "never", "always", or the switches, any of which suffices.</summary>
    private static readonly (string Path, string KeptBy)[] Residue =
    [
        ("/var/lib/waagent/ovf-env.xml", "never"),
        ("/var/lib/waagent/provisioned", "never"),
        ("/var/lib/waagent/WALinuxAgent-2.9.1.1/bin/a.egg", "never"),
        ("/var/lib/waagent/.agent-hidden", "never"),
        ("/var/lib/dhcp/dhclient.eth0.leases", "never"),
        ("/var/lib/dhclient/d.lease", "never"),
        ("/var/lib/dhcpcd/eth0.lease", "never"),
        ("/var/lib/NetworkManager/dhclient-x.lease", "never"),
        ("/var/lib/NetworkManager/internal-y-eth0.lease", "never"),
        ("/var/lib/NetworkManager/secret_key", "never"),
        ("/var/lib/wicked/lease-eth0-dhcp-ipv4.xml", "never"),
        ("/var/lib/wicked/duid.xml", "never"),
        ("/run/systemd/netif/leases/2", "never"),
        ("/var/lib/systemd/random-seed", "never"),
        ("/var/lib/systemd/credential.secret", "never"),
        ("/boot/efi/loader/random-seed", "never"),
        ("/etc/udev/rules.d/70-persistent-net.rules", "never"),
        ("/etc/udev/rules.d/75-persistent-net-generator.rules", "never"),
        ("/etc/passwd-", "never"),
        ("/etc/shadow-", "never"),
        ("/etc/group-", "never"),
        ("/etc/gshadow-", "never"),
        ("/etc/subuid-", "never"),
        ("/etc/subgid-", "never"),
        ("/etc/ssh/ssh_host_ed25519_key", "never"),
        ("/etc/ssh/ssh_host_ed25519_key.pub", "never"),
        ("/etc/sudoers.d/90-cloud-init-users", "User"),
        ("/home/packer/notes", "User"),
        ("/home/packer/.ssh/authorized_keys", "User"),
        ("/var/spool/cron/crontabs/packer", "User"),
        ("/var/spool/cron/packer", "User"),
        ("/var/spool/cron/tabs/packer", "User"),
        ("/var/mail/packer", "User"),
        ("/root/.zsh_history", "History"),
        ("/root/.python_history", "History"),
        ("/root/.lesshst", "History"),
        ("/root/.viminfo", "History"),
        ("/root/.wget-hsts", "History"),
        ("/root/.local/share/powershell/PSReadLine/ConsoleHost_history.txt", "History"),
        ("/home/appsvc/.bash_history", "History"),
        ("/home/appsvc/.local/share/fish/fish_history", "History"),
        ("/srv/login/.bash_history", "History"),
        ("/srv/daemon/.bash_history", "always"),
        ("/home/appsvc/notes", "always"),
        ("/home/appsvc/.ssh/authorized_keys", "always"),
        ("/var/mail/appsvc", "always"),
        ("/etc/sudoers.d/appsvc", "always"),
        ("/root/.ssh/authorized_keys", "RootSshKeys"),
        ("/root/.ssh/known_hosts", "RootSshKeys"),
        ("/root/.ssh/id_ed25519", "RootSshKeys"),
        ("/root/.ssh/config", "always"),
        ("/var/lib/cloud/instances/11111111/user-data.txt", "CloudInit"),
        ("/var/lib/cloud/data/set-hostname", "CloudInit"),
        ("/var/lib/cloud/sem/config_scripts_per_once.once", "CloudInit"),
        ("/var/lib/cloud/seed/azure/ovf-env.xml", "CloudInit"),
        ("/etc/netplan/50-cloud-init.yaml", "CloudInit"),
        ("/etc/netplan/01-own.yaml", "always"),
        ("/etc/network/interfaces.d/50-cloud-init", "CloudInit"),
        ("/etc/NetworkManager/system-connections/cloud-init-eth0.nmconnection", "CloudInit"),
        ("/etc/NetworkManager/system-connections/own.nmconnection", "always"),
        ("/etc/systemd/network/10-cloud-init-eth0.network", "CloudInit"),
        ("/etc/sysconfig/network-scripts/ifcfg-eth1", "always"),
        ("/var/log/cloud-init.log", "CloudInit Logs"),
        ("/var/log/auth.log", "Logs"),
        ("/var/log/auth.log.1", "Logs"),
        ("/var/log/auth.log.2.gz", "Logs"),
        ("/var/log/messages-20260101", "Logs"),
        ("/var/log/wtmp", "Logs"),
        ("/var/log/audit/audit.log", "Logs"),
        ("/var/log/journal/0123456789abcdef/system.journal", "Logs"),
        ("/tmp/packer-shell123", "TempFiles"),
        ("/tmp/.hidden/deep/file", "TempFiles"),
        ("/var/tmp/build.tmp", "TempFiles"),
        ("/tmp/script_4711.sh", "always"),
    ];

    public static TheoryData<string> Shells => ["dash", "bash --posix", "busybox sh"];

    public static TheoryData<string, string> ShellsAndSwitches
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] switches = ["User", .. Enum.GetNames<ResidueItems>().Where(name => name != nameof(ResidueItems.None))];
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
    [MemberData(nameof(Shells))]
    public void Nothing_of_the_table_survives(string shell)
    {
        using var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal(KeptPaths(""), Surviving(machine));
        Assert.Equal("", machine.ReadFile("/etc/machine-id"));
        Assert.False(machine.Exists("/var/lib/dbus/machine-id"));
        Assert.False(machine.Exists("/etc/sudoers.d/waagent"));
        Assert.DoesNotContain("packer:", machine.ReadFile("/etc/passwd") + machine.ReadFile("/etc/subuid") + machine.ReadFile("/etc/subgid"), StringComparison.Ordinal);
        Assert.Equal("Defaults env_reset\nroot ALL=(ALL) ALL\npackeradmin ALL=(ALL) ALL\n", machine.ReadFile("/etc/sudoers"));
        Assert.Equal("127.0.0.1 localhost\n", machine.ReadFile("/etc/hosts"));
        Assert.Equal("/run/systemd/resolve/stub-resolv.conf", machine.ReadLink("/etc/resolv.conf"));
        Assert.Equal("", machine.ReadFile("/var/log/auth.log"));
        Assert.StartsWith("root:*:", machine.ReadFile("/etc/shadow"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(machine.HostPath("/run"), "aib-*"));
    }

    [Theory]
    [MemberData(nameof(ShellsAndSwitches))]
    public void A_switch_keeps_exactly_its_own(string shell, string name)
    {
        using var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new()
        {
            KeepUser = name == "User",
            Keep = Enum.TryParse(name, out ResidueItems items) ? items : ResidueItems.None,
        });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal(KeptPaths(name), Surviving(machine));
        Assert.Equal(name == "MachineId" ? MachineId : "", machine.ReadFile("/etc/machine-id"));
        Assert.Equal(name == "MachineId", machine.Exists("/var/lib/dbus/machine-id"));
        Assert.Equal(name == "User", machine.ReadFile("/etc/passwd")!.Contains("packer:", StringComparison.Ordinal));
        Assert.Equal(name == "User", machine.ReadFile("/etc/sudoers")!.Contains("packer ALL", StringComparison.Ordinal));
        Assert.Equal(name == "CloudInit", machine.ReadFile("/etc/hosts")!.Contains("127.0.1.1", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.Contains("verify: kept: ", StringComparison.Ordinal));
        Assert.Contains(name == "User" ? "waagent -force -deprovision" : "waagent -force -deprovision+user", Calls(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_second_run_is_harmless(string shell)
    {
        using var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);
        var before = Snapshot(machine);

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(before, Snapshot(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Every_line_of_its_own_follows_the_grammar_and_the_last_one_is_the_verdict(string shell)
    {
        using var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new() { BeforeScript = "echo before", AfterScript = "echo after" });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.All(run.Output.Where(line => line.StartsWith(">>>", StringComparison.Ordinal)), line => Assert.Matches(Marker(), line));
        Assert.Equal(
            ["start", "before", "wait-agent", "waagent", "clean", "verify", "after", "verdict"],
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

    [Theory]
    [MemberData(nameof(Shells))]
    public void It_removes_itself_when_sealed(string shell)
    {
        using var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new() { Keep = ResidueItems.TempFiles }), DeprovisionExitCode.Sealed);
        Assert.False(machine.Exists("/tmp/DeprovisioningScript.sh"));
    }

    [Fact]
    public void It_stays_when_it_has_failed_or_is_not_where_the_service_puts_it()
    {
        using var machine = SeededMachine("dash");
        AssertVerdict(RunPlan(machine, "dash", new() { AfterScript = "exit 3" }), DeprovisionExitCode.HookFailed);
        Assert.True(machine.Exists("/tmp/DeprovisioningScript.sh"));

        AssertVerdict(RunPlan(machine, "dash", new(), new() { ScriptPath = "/opt/own.sh" }), DeprovisionExitCode.Sealed);
        Assert.True(machine.Exists("/opt/own.sh"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Without_root_it_does_nothing(string shell)
    {
        using var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new(), new() { AsRoot = false });

        AssertVerdict(run, DeprovisionExitCode.NotElevated);
        Assert.Empty(Calls(machine));
        Assert.Single(run.Output);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void No_waagent_is_an_error_of_its_own(string shell)
    {
        using var machine = SeededMachine(shell);
        File.Delete(machine.HostPath("/usr/sbin/waagent"));

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.WaagentNotFound);

        Assert.Equal(AllPaths(), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_waagent_without_its_interpreter_is_run_by_a_Python_that_is_there(string shell)
    {
        using var machine = SeededMachine(shell);
        var stub = machine.ReadFile("/usr/sbin/waagent")!.Replace("#!/bin/sh", "#!/usr/share/oem/python/bin/gone", StringComparison.Ordinal);
        File.Delete(machine.HostPath("/usr/sbin/waagent"));
        machine.WriteCommand("/usr/share/oem/bin/waagent", "");
        machine.WriteFile("/usr/share/oem/bin/waagent", stub);
        machine.WriteCommand("/usr/share/oem/python/bin/python3", "exec sh \"$@\"");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.Contains("start: Scratch Linux 1.0; /usr/share/oem/bin/waagent by python3, WALinuxAgent-2.15.0.1;", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_waagent_that_exits_non_zero_fails_the_build(string shell)
    {
        using var machine = SeededMachine(shell);
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
        using var machine = SeededMachine("dash");
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
    [MemberData(nameof(Shells))]
    public void A_waagent_that_logs_its_failure_and_exits_zero_fails_the_build(string shell)
    {
        using var machine = SeededMachine(shell);
        WriteAgent(machine, "echo \"2026-01-01T00:00:00Z ERROR MainThread Failed to run 'deprovision+user': mismatched tag\"; echo Traceback");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.WaagentFailed, "Failed to run 'deprovision+user': mismatched tag");
        Assert.Contains("    | Traceback", run.Output);
        Assert.Equal(AllPaths(), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_waagent_that_hangs_is_ended_at_the_deadline(string shell)
    {
        using var machine = SeededMachine(shell);
        WriteAgent(machine, "echo 'going to hang'; sleep 50; sleep 50");

        var run = RunPlan(machine, shell, new() { Deadline = TimeSpan.FromSeconds(2) });

        AssertVerdict(run, DeprovisionExitCode.DeadlinePassed, "waagent");
        Assert.Contains("    | going to hang", run.Output);
        Assert.InRange(run.Duration.TotalSeconds, 1, 15);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_deadline_holds_without_a_timeout_command(string shell)
    {
        using var machine = SeededMachine(shell);
        machine.WriteCommand("timeout", "exit 125");
        WriteAgent(machine, "sleep 50; sleep 50");

        var run = RunPlan(machine, shell, new() { Deadline = TimeSpan.FromSeconds(2) });

        AssertVerdict(run, DeprovisionExitCode.DeadlinePassed, "waagent");
        Assert.InRange(run.Duration.TotalSeconds, 1, 15);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Without_a_timeout_command_it_still_seals(string shell)
    {
        using var machine = SeededMachine(shell);
        machine.WriteCommand("timeout", "exit 125");

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_package_manager_that_does_not_end_is_named(string shell)
    {
        using var machine = SeededMachine(shell);
        machine.WriteCommand("apt-get", "sleep 50\nsleep 50");

        var run = RunPlan(machine, shell, new() { BeforeScript = "apt-get & sleep 0.2", ServiceTimeout = TimeSpan.FromSeconds(1) });

        AssertVerdict(run, DeprovisionExitCode.NotReady, "apt-get");
        Assert.DoesNotContain(Calls(machine), call => call.StartsWith("waagent -force", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_package_manager_that_ends_is_waited_for(string shell)
    {
        using var machine = SeededMachine(shell);
        machine.WriteCommand("dpkg", "sleep 2\nexit 0");

        var run = RunPlan(machine, shell, new() { BeforeScript = "dpkg & sleep 0.2" });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.Contains("wait-agent: waiting for dpkg (process ", StringComparison.Ordinal));
    }

    [Fact]
    public void Ubuntus_watcher_for_the_shutdown_is_no_package_manager()
    {
        using var machine = SeededMachine("dash");
        machine.WriteCommand("unattended-upgrade-shutdown", "sleep 50\nsleep 50");

        AssertVerdict(RunPlan(machine, "dash", new()
        {
            BeforeScript = "unattended-upgrade-shutdown --wait-for-signal & sleep 0.2",
            ServiceTimeout = TimeSpan.FromSeconds(1),
        }), DeprovisionExitCode.Sealed);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_cloud_init_that_does_not_end_is_not_ready(string shell)
    {
        using var machine = SeededMachine(shell);
        File.Delete(machine.HostPath("/run/cloud-init/result.json"));
        machine.WriteFile("/cloud-init-status", "running");

        AssertVerdict(RunPlan(machine, shell, new() { ServiceTimeout = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.NotReady, "cloud-init");
    }

    [Fact]
    public void A_deadline_before_the_end_of_the_wait_is_a_passed_deadline()
    {
        using var machine = SeededMachine("dash");
        File.Delete(machine.HostPath("/run/cloud-init/result.json"));
        machine.WriteFile("/cloud-init-status", "running");

        AssertVerdict(RunPlan(machine, "dash", new() { Deadline = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.DeadlinePassed);
    }

    [Theory]
    [InlineData("not run")]
    [InlineData("error")]
    [InlineData("disabled")]
    public void A_cloud_init_that_will_not_go_on_is_not_waited_for(string status)
    {
        using var machine = SeededMachine("dash");
        File.Delete(machine.HostPath("/run/cloud-init/result.json"));
        machine.WriteFile("/cloud-init-status", status);

        AssertVerdict(RunPlan(machine, "dash", new() { ServiceTimeout = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.Sealed);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_failing_BeforeScript_ends_it_before_anything_is_done(string shell)
    {
        using var machine = SeededMachine(shell);

        var run = RunPlan(machine, shell, new() { BeforeScript = "echo 'no disk' >&2\nexit 7" });

        AssertVerdict(run, DeprovisionExitCode.HookFailed, "BeforeScript ended with status 7");
        Assert.Contains("no disk", run.Output);
        Assert.Equal(AllPaths(), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_failing_AfterScript_fails_the_build(string shell)
    {
        using var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new() { AfterScript = "false" }), DeprovisionExitCode.HookFailed, "AfterScript ended with status 1");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_hook_can_neither_end_nor_confuse_the_script(string shell)
    {
        using var machine = SeededMachine(shell);
        const string hook = "cd /var/lib; KEEP_LOGS=yes; say() { echo hijacked; }; umask 0; echo \"it's \\$HOME\"; exit 0";

        var run = RunPlan(machine, shell, new() { BeforeScript = hook, AfterScript = hook });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal(2, run.Output.Count(line => line == "it's $HOME"));
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_hanging_hook_is_ended_at_the_deadline(string shell)
    {
        using var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new() { BeforeScript = "sleep 50", Deadline = TimeSpan.FromSeconds(1) }), DeprovisionExitCode.DeadlinePassed, "BeforeScript");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void What_cannot_be_removed_is_named(string shell)
    {
        using var machine = SeededMachine(shell);

        // A mount point cannot be removed, nor can a file of a read-only mount be emptied.
        var run = RunPlan(machine, shell, new()
        {
            BeforeScript = "mount --bind /etc/os-release /var/lib/systemd/credential.secret\n"
                + "mount --bind /etc/machine-id /etc/machine-id && mount -o remount,bind,ro /etc/machine-id",
        });

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "2 left, first /var/lib/systemd/credential.secret");
        Assert.Contains(run.Output, line => line.Contains("verify: left: /etc/machine-id (", StringComparison.Ordinal));
        Assert.True(machine.Exists("/tmp/DeprovisioningScript.sh"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_user_that_no_command_deletes_is_residue(string shell)
    {
        using var machine = SeededMachine(shell);
        WriteAgent(machine, "echo 'WARNING! Skip delete user.'");
        machine.WriteCommand("userdel", "echo \"userdel: user $3 is currently used by process 1\"; exit 8");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "/etc/passwd (the account packer)");
        Assert.Contains("    | userdel: user packer is currently used by process 1", run.Output);
    }

    [Fact]
    public void A_home_that_outlives_its_user_is_residue()
    {
        using var machine = SeededMachine("dash");
        machine.WriteCommand("userdel", "sed -i \"/^$3:/d\" /etc/passwd");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.ResidueLeft, "1 left, first /home/packer (");
    }

    [Fact]
    public void The_tools_of_busybox_do_as_well()
    {
        using var machine = SeededMachine("busybox sh");
        foreach (var tool in (string[])["cat", "cut", "date", "find", "grep", "head", "id", "ln", "mktemp", "readlink", "rm", "sed", "sh", "sleep", "tail", "timeout", "tr"])
        {
            machine.WriteLink("/usr/sbin/" + tool, machine.ReadLink("/usr/bin/busybox")!);
        }

        var run = RunPlan(machine, "busybox sh", new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("", run.Error);
        Assert.Equal(KeptPaths(""), Surviving(machine));

        WriteAgent(machine, "sleep 50; sleep 50");
        AssertVerdict(RunPlan(machine, "busybox sh", new() { Deadline = TimeSpan.FromSeconds(2) }), DeprovisionExitCode.DeadlinePassed, "waagent");
    }

    [Fact]
    public void A_deleted_account_takes_nobody_elses_rules_along()
    {
        using var machine = SeededMachine("dash");
        machine.WriteFile("/etc/sudoers.d/own", "pack.er ALL=(ALL) ALL\npacker ALL=(ALL) ALL\npacker2 ALL=(ALL) ALL\n");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.Equal("pack.er ALL=(ALL) ALL\npacker2 ALL=(ALL) ALL\n", machine.ReadFile("/etc/sudoers.d/own"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Without_ovf_env_xml_the_user_is_the_one_of_cloud_inits_sudo_rules(string shell)
    {
        using var machine = SeededMachine(shell);
        File.Delete(machine.HostPath("/var/lib/waagent/ovf-env.xml"));

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains(run.Output, line => line.Contains("the provisioned user is packer, by 90-cloud-init-users", StringComparison.Ordinal));
        Assert.Contains("userdel -f -r packer", Calls(machine));
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Theory]
    [InlineData("packer", true)]
    [InlineData("root", false)]
    [InlineData("svc", false)]
    [InlineData("nobody-at-all", false)]
    public void As_the_last_resort_it_is_the_one_who_called_sudo(string name, bool deleted)
    {
        using var machine = SeededMachine("dash");
        File.Delete(machine.HostPath("/var/lib/waagent/ovf-env.xml"));
        File.Delete(machine.HostPath("/etc/sudoers.d/90-cloud-init-users"));

        var run = RunPlan(machine, "dash", new(), new() { Environment = new Dictionary<string, string> { ["SUDO_USER"] = name } });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal(deleted, Calls(machine).Contains($"userdel -f -r {name}"));
        Assert.Equal(!deleted, run.Output.Any(line => line.Contains("kept: every account", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("<ns1:UserName>packer</ns1:UserName>")]
    [InlineData("<UserName>packer</UserName>")]
    [InlineData("<a.b-c:UserName>\n  packer\r\n</a.b-c:UserName><UserPassword>REDACTED</UserPassword>")]
    public void The_user_is_read_whatever_the_prefix(string element)
    {
        using var machine = SeededMachine("dash");
        machine.WriteFile("/var/lib/waagent/ovf-env.xml", $"<Environment><x:Section>{element}</x:Section></Environment>\n");
        Assert.Contains(RunPlan(machine, "dash", new()).Output, line => line.Contains("the provisioned user is packer, by ovf-env.xml", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$(reboot)")]
    [InlineData("-rf")]
    [InlineData("root")]
    [InlineData("toor")]
    [InlineData("../../etc")]
    [InlineData("packer; reboot")]
    [InlineData("*")]
    [InlineData("p\u00e4cker")]
    [InlineData("")]
    public void A_hostile_user_name_is_not_used(string name)
    {
        using var machine = SeededMachine("dash");
        File.Delete(machine.HostPath("/etc/sudoers.d/90-cloud-init-users"));
        machine.WriteFile("/var/lib/waagent/ovf-env.xml", $"<ns1:UserName>{name}</ns1:UserName>");
        WriteAgent(machine, "rm -rf /var/lib/waagent/*");
        machine.WriteCommand("reboot", "echo reboot >>/calls");

        var run = RunPlan(machine, "dash", new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.DoesNotContain(Calls(machine), call => call.StartsWith("userdel", StringComparison.Ordinal) || call == "reboot");
        Assert.Contains(run.Output, line => line.Contains("kept: every account", StringComparison.Ordinal));
        Assert.Contains("packer:", machine.ReadFile("/etc/passwd"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Of_links_that_were_planted_only_the_links_go(string shell)
    {
        using var machine = SeededMachine(shell);
        string[] links = ["/home/appsvc/.zsh_history", "/home/appsvc/.viminfo", "/tmp/link", "/var/lib/dhcp/link"];
        foreach (var link in links)
        {
            machine.WriteLink(link, "/etc/precious");
        }
        machine.WriteLink("/var/log/planted.log", "/etc/precious");
        machine.WriteLink("/var/log/folder", "/srv/precious");
        machine.WriteLink("/tmp/folder", "/srv/precious");
        machine.WriteLink("/home/appsvc/.local/share/powershell", "/srv/precious");
        machine.WriteFile("/etc/precious", Canary);
        machine.WriteFile("/srv/precious/PSReadLine/x_history.txt", Canary);

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.All(links, link => Assert.False(machine.Exists(link), link));
        Assert.False(machine.Exists("/tmp/folder"));
        Assert.Equal(Canary, machine.ReadFile("/etc/precious"));
        Assert.Equal(Canary, machine.ReadFile("/srv/precious/PSReadLine/x_history.txt"));
    }

    [Fact]
    public void Names_with_blanks_line_feeds_and_controls_neither_break_it_nor_its_output()
    {
        using var machine = SeededMachine("dash");
        machine.WriteFile("/tmp/a\nb \u001b[31m'\"$(reboot)", Canary);
        machine.WriteFile("/var/log/x y\n>>> AibDeprovision [    0.0s] verdict: Sealed (exit code 0): no", Canary);
        machine.WriteFile("/var/lib/dhcp/-rf \n*", Canary);

        var run = RunPlan(machine, "dash", new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Single(run.Output, line => line.Contains("verdict:", StringComparison.Ordinal));
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_cloud_init_that_cannot_clean_is_helped(string shell)
    {
        using var machine = SeededMachine(shell);
        machine.WriteCommand("cloud-init", "echo 'ValueError: broken'; exit 1");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Contains("    | ValueError: broken", run.Output);
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Fact]
    public void Where_nothing_makes_new_ones_host_keys_and_network_files_stay()
    {
        using var machine = SeededMachine("dash");
        File.Delete(machine.HostPath("/usr/sbin/cloud-init"));
        machine.WriteFile("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=n\n");

        var run = RunPlan(machine, "dash", new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.True(machine.Exists("/etc/ssh/ssh_host_ed25519_key"));
        Assert.True(machine.Exists("/etc/netplan/50-cloud-init.yaml"));
        Assert.False(machine.Exists("/var/lib/cloud/data/set-hostname"));
        Assert.Contains(run.Output, line => line.Contains("kept: SSH host keys", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.Contains("kept: network files", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_cloud_init_may_not_configure_the_network_its_files_stay()
    {
        using var machine = SeededMachine("dash");
        machine.WriteFile("/etc/cloud/cloud.cfg.d/99-off.cfg", "network: {config: disabled}\n");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.True(machine.Exists("/etc/netplan/50-cloud-init.yaml"));
        Assert.False(machine.Exists("/etc/ssh/ssh_host_ed25519_key"));
    }

    [Fact]
    public void What_switches_the_generator_of_network_names_off_stays()
    {
        using var machine = SeededMachine("dash");
        File.Delete(machine.HostPath("/etc/udev/rules.d/75-persistent-net-generator.rules"));
        machine.WriteLink("/etc/udev/rules.d/75-persistent-net-generator.rules", "/dev/null");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.True(machine.Exists("/etc/udev/rules.d/75-persistent-net-generator.rules"));
    }

    [Fact]
    public void A_file_that_the_agent_writes_behind_waagents_back_goes_too()
    {
        using var machine = SeededMachine("dash");
        machine.WriteFile("/waagent-leaves", "/var/lib/waagent/WALinuxAgent-9.9.9.9");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.Empty(Directory.EnumerateFileSystemEntries(machine.HostPath("/var/lib/waagent")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_signal_is_a_verdict_too(string shell)
    {
        using var machine = SeededMachine(shell);
        // The parent is the timeout command, and its parent the script.
        WriteAgent(machine, "kill -TERM \"$(sed -n 's/^PPid:[^0-9]*//p' /proc/$PPID/status)\"; sleep 50");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Unexpected, "stopped by the signal TERM");
        Assert.InRange(run.Duration.TotalSeconds, 0, 20);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_machine_that_has_almost_nothing_is_sealed_as_well(string shell)
    {
        RequireShell(shell);
        using var machine = new LinuxScratchRoot();
        machine.WriteFile("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        machine.WriteCommand("/usr/share/oem/bin/waagent", "exit 0");

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void The_log_of_a_script_that_writes_without_end_is_cut()
    {
        RequireShell("dash");
        using var machine = new LinuxScratchRoot();
        var run = machine.Run("while :; do echo again; done\n", "dash", new() { OutputLimit = 10_000, TimeLimit = TimeSpan.FromSeconds(20) });
        Assert.True(run.OutputLimitReached);
        Assert.False(run.TimedOut);
    }

    [Fact]
    public void A_scratch_root_gives_nothing_of_the_host_away()
    {
        RequireShell("dash");
        using var machine = new LinuxScratchRoot();

        var run = machine.Run("""
            cd / || exit 1
            ls -a
            touch /usr/lib/written /opt/host/usr/bin/written 2>/dev/null && echo 'the host can be written to'
            mount -o remount,rw,bind /opt/host/usr/bin 2>/dev/null && echo 'the mounts can be opened'
            umount /opt/host/usr/bin 2>/dev/null && echo 'the mounts can be taken away'
            tr '\0' '\n' </proc/1/cmdline | head -n 1
            sleep 40 &
            exit 4
            """, "dash", new() { TimeLimit = TimeSpan.FromSeconds(20) });

        Assert.Equal(4, run.ExitCode);
        Assert.DoesNotContain(run.Output, line => line.StartsWith("the ", StringComparison.Ordinal));
        Assert.DoesNotContain(".host", run.Output);
        Assert.InRange(run.Duration.TotalSeconds, 0, 10);
    }

    [Fact]
    public void A_scratch_root_ends_what_does_not_end()
    {
        RequireShell("dash");
        using var machine = new LinuxScratchRoot();
        var run = machine.Run("trap '' TERM INT HUP\nwhile :; do sleep 5; done\n", "dash", new() { TimeLimit = TimeSpan.FromSeconds(1) });
        Assert.True(run.TimedOut);
        Assert.InRange(run.Duration.TotalSeconds, 0.9, 10);
    }

    [GeneratedRegex(@"^>>> AibDeprovision \[ *\d+\.\ds\] (?<phase>[a-z-]+): .*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marker();

    private static string Script(DeprovisionPlan plan) =>
        ScriptGenerator.Generate(plan with { Platform = DeprovisionPlatform.Linux }).Content;

    private static LinuxScratchRun RunPlan(LinuxScratchRoot machine, string shell, DeprovisionPlan plan, LinuxScratchOptions? options = null) =>
        machine.Run(Script(plan), shell, options);

    private static void AssertVerdict(LinuxScratchRun run, DeprovisionExitCode code, string text = "")
    {
        Assert.False(run.TimedOut, run.ToString());
        Assert.True(run.ExitCode == (int)code, run.ToString());
        Assert.Matches(Marker(), run.Output[^1]);
        Assert.Contains($"verdict: {code} (exit code {(int)code}): ", run.Output[^1], StringComparison.Ordinal);
        Assert.Contains(text, run.Output[^1], StringComparison.Ordinal);
    }

    private static string[] KeptPaths(string name) =>
        [.. Residue.Where(item => item.KeptBy == "always" || item.KeptBy.Split(' ').Contains(name)).Select(item => item.Path)];

    private static string[] AllPaths() => [.. Residue.Select(item => item.Path)];

    /// <summary>The files of the table that still hold their canary.</summary>
    private static string[] Surviving(LinuxScratchRoot machine) =>
        [.. Residue.Select(item => item.Path).Where(path => machine.ReadFile(path)?.Contains(Canary, StringComparison.Ordinal) == true)];

    private static string[] Calls(LinuxScratchRoot machine) =>
        (machine.ReadFile("/calls") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every file with its text, except what notes the stubs' calls.</summary>
    private static SortedDictionary<string, string> Snapshot(LinuxScratchRoot machine)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in (string[])["boot", "etc", "home", "root", "run", "srv", "tmp", "var"])
        {
            foreach (var file in new DirectoryInfo(machine.HostPath("/" + folder)).EnumerateFiles("*", SearchOption.AllDirectories))
            {
                files[file.FullName] = file.LinkTarget ?? File.ReadAllText(file.FullName);
            }
        }
        return files;
    }

    private static void RequireShell(string shell)
    {
        var missing = LinuxScratchRoot.Unavailable ?? (LinuxScratchRoot.HasShell(shell) ? null : $"There is no '{shell}' on this machine.");
        Assert.False(missing is not null && Toolbox.Required, missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    /// <summary>The agent with a given way to deprovision.</summary>
    private static void WriteAgent(LinuxScratchRoot machine, string deprovision) => machine.WriteCommand("waagent", $$"""
        echo "waagent $*" >>/calls
        if [ "$1" = -version ]; then printf 'noise\nWALinuxAgent-2.15.0.1 running on scratch 1.0\nPython: 3.12.3\n'; exit 0; fi
        {{deprovision}}
        """);

    /// <summary>A machine on which a build has just ended; skips the test where there can be none.</summary>
    private static LinuxScratchRoot SeededMachine(string shell)
    {
        RequireShell(shell);
        var machine = new LinuxScratchRoot();
        foreach (var (path, _) in Residue)
        {
            machine.WriteFile(path, Canary + "\n");
        }
        machine.WriteFile("/etc/os-release", "NAME=Scratch\nPRETTY_NAME=\"Scratch Linux 1.0\"\n");
        machine.WriteFile("/etc/passwd", """
            root:x:0:0:root:/root:/bin/bash
            toor:x:0:0:second root:/root:/bin/bash
            svc:x:300:300::/srv/daemon:/usr/sbin/nologin
            packer:x:1000:1000::/home/packer:/bin/bash
            appsvc:x:1001:1001::/home/appsvc:/usr/sbin/nologin
            login:x:400:400::/srv/login:/bin/sh
            halt:x:7:0:halt:/sbin:/sbin/halt

            """.ReplaceLineEndings("\n"));
        machine.WriteFile("/etc/shadow", "root:$6$build$hash:19000:0:99999:7:::\npacker:!:19000::::::\n");
        machine.WriteFile("/etc/subuid", "packer:100000:65536\nappsvc:165536:65536\n");
        machine.WriteFile("/etc/subgid", "packer:100000:65536\nappsvc:165536:65536\n");
        machine.WriteFile("/etc/sudoers", "Defaults env_reset\nroot ALL=(ALL) ALL\npacker ALL=(ALL) NOPASSWD: ALL\npackeradmin ALL=(ALL) ALL\n");
        machine.WriteFile("/etc/sudoers.d/90-cloud-init-users", $"# {Canary}\npacker ALL=(ALL) NOPASSWD:ALL\n");
        machine.WriteFile("/etc/sudoers.d/waagent", "packer ALL=(ALL) NOPASSWD: ALL\n");
        machine.WriteFile("/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 build-vm\n");
        machine.WriteFile("/etc/machine-id", MachineId);
        machine.WriteFile("/var/lib/dbus/machine-id", MachineId);
        machine.WriteLink("/etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf");
        machine.WriteLink("/var/lib/cloud/instance", "/var/lib/cloud/instances/11111111");
        machine.WriteFile("/run/cloud-init/result.json", "{}");
        machine.WriteFile("/etc/sysconfig/network-scripts/ifcfg-eth0", "# Created by cloud-init automatically, do not edit.\n");
        machine.WriteFile("/var/lib/waagent/ovf-env.xml", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <ns0:Environment xmlns:ns0="http://schemas.dmtf.org/ovf/environment/1" xmlns:ns1="http://schemas.microsoft.com/windowsazure">
              <ns1:ProvisioningSection><ns1:LinuxProvisioningConfigurationSet>
                <ns1:UserName>packer</ns1:UserName><ns1:HostName>{Canary}</ns1:HostName>
              </ns1:LinuxProvisioningConfigurationSet></ns1:ProvisioningSection>
            </ns0:Environment>

            """);
        // As waagent does it: without ovf-env.xml it says so, keeps the user and exits 0.
        WriteAgent(machine, """
            echo 'WARNING! The waagent service will be stopped.'
            if [ "$2" = -deprovision+user ]; then
                user=$(sed -n 's/.*<ns1:UserName>\([^<]*\)<.*/\1/p' /var/lib/waagent/ovf-env.xml 2>/dev/null)
                if [ -n "$user" ]; then
                    echo "WARNING! $user account and entire home directory will be deleted."
                    userdel -f -r "$user"
                    sed -i "/$user/d" /etc/sudoers.d/waagent
                else
                    echo 'WARNING! ovf-env.xml is not found.'
                    echo 'WARNING! Skip delete user.'
                fi
            fi
            rm -rf /var/lib/waagent/* /var/lib/waagent/.[!.]* /var/log/waagent.log /root/.bash_history /etc/resolv.conf
            if [ -f /waagent-leaves ]; then mkdir -p "$(cat /waagent-leaves)"; fi
            """);
        machine.WriteCommand("userdel", """
            echo "userdel $*" >>/calls
            sed -i "/^$3:/d" /etc/passwd /etc/shadow
            rm -rf "/home/$3" "/var/mail/$3"
            """);
        machine.WriteCommand("usermod", """
            echo "usermod $*" >>/calls
            sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
            """);
        machine.WriteCommand("sync", "echo sync >>/calls");
        machine.WriteCommand("systemctl", "echo \"systemctl $*\" >>/calls\n[ \"$2\" != walinuxagent.service ] || exit 5");
        machine.WriteCommand("cloud-init", """
            echo "cloud-init $*" >>/calls
            case "$*" in
                status) echo "status: $(cat /cloud-init-status)" ;;
                *--help) echo 'usage: cloud-init clean [-h] [-l] [--seed]' ;;
                clean*) rm -rf /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data ;;
            esac
            case "$*" in clean*--logs*) rm -f /var/log/cloud-init.log ;; esac
            """);
        return machine;
    }
}
