using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Tests.Scripts;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>How the native Linux deprovision ends when something goes wrong, and whom it deletes: as the hardened script does.</summary>
public sealed class LinuxDeprovisionVerdictTests : IDisposable
{
    private readonly FolderLinuxMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Without_root_nothing_is_done()
    {
        _machine.IsRoot = false;
        var before = _machine.Snapshot();
        Run().Ended(DeprovisionExitCode.NotElevated, "has to run as root");
        Assert.Equal(before, _machine.Snapshot());
        Assert.Empty(_machine.Calls);
    }

    [Fact]
    public void No_waagent_is_a_verdict_of_its_own()
    {
        _machine.Delete("/usr/sbin/waagent");
        var before = _machine.Snapshot();
        Run().Ended(DeprovisionExitCode.WaagentNotFound);
        Assert.Equal(before, _machine.Snapshot());
    }

    [Theory]
    [InlineData("/usr/bin/waagent")]
    [InlineData("/usr/share/oem/bin/waagent")]
    [InlineData("/usr/share/oem/python/bin/waagent")]
    public void The_agent_is_found_wherever_distributions_put_it(string path)
    {
        _machine.Delete("/usr/sbin/waagent");
        _machine.Write(path, "");
        Run().Ended(DeprovisionExitCode.Sealed).Said($"; {path}, WALinuxAgent-2.15.0.1;");
    }

    [Fact]
    public void A_waagent_without_its_interpreter_is_run_by_a_Python_that_is_there()
    {
        var agent = _machine.Programs["waagent"];
        _machine.Programs["waagent"] = _ => new ProgramRun(127, ["no such interpreter"]);
        Run().Ended(DeprovisionExitCode.WaagentNotFound).Said("start: /usr/sbin/waagent is there, but neither by itself nor by a Python could it be run");

        _machine.Write("/usr/libexec/platform-python", "");
        _machine.Programs["platform-python"] = words => agent([.. words.Skip(1)]);
        Run().Ended(DeprovisionExitCode.Sealed).Said("; /usr/sbin/waagent by platform-python, WALinuxAgent-2.15.0.1");
        Assert.Contains("platform-python /usr/sbin/waagent -force -deprovision+user", _machine.Calls);
    }

    [Theory]
    [InlineData(7, new[] { "boom" }, "waagent ended with status 7: boom")]
    [InlineData(7, new string[0], "waagent ended with status 7: it has said nothing")]
    [InlineData(1, new[] { "Traceback (most recent call last):", "  File x", "OSError: [Errno 16] busy", "During handling of the above exception", "TypeError: other" }, "waagent ended with status 1: OSError: [Errno 16] busy")]
    [InlineData(0, new[] { "ERROR Failed to run 'deprovision+user': [Errno 16] busy" }, "waagent logged: ERROR Failed to run 'deprovision+user': [Errno 16] busy")]
    public void A_waagent_that_fails_fails_it_and_what_was_not_done_is_said(int status, string[] lines, string cause)
    {
        _machine.OnDeprovision(_ => new ProgramRun(status, lines));
        var run = Run().Ended(DeprovisionExitCode.WaagentFailed, cause);
        run.Said("not done: clean, verify, after;").Said("not done: the account packer is still there").Said("not done: /var/lib/waagent still says that this machine is provisioned");
        Assert.All(lines, line => Assert.Contains("    | " + line, run.Lines));
        Assert.Equal(MachineId, _machine.Read("/etc/machine-id"));
    }

    [Fact]
    public void A_waagent_that_hangs_is_ended_at_the_deadline()
    {
        _machine.Write("/etc/sudoers.d/waagent", "packeradmin ALL=(ALL) ALL\n");
        _machine.OnDeprovision(_ =>
        {
            _machine.Delete("/etc/sudoers.d/waagent");
            _machine.Time.Advance(TimeSpan.FromHours(5));
            return new ProgramRun(143, []);
        });
        Run(new() { Deadline = TimeSpan.FromMinutes(20) }).Ended(DeprovisionExitCode.DeadlinePassed, "waagent had not ended when the deadline of 1200 s passed")
            .Said("not done: clean, verify, after;").Said("not done: the account packer is still there");
        // What it has taken away is given back all the same.
        Assert.Equal("packeradmin ALL=(ALL) ALL\n", _machine.Read("/etc/sudoers.d/waagent"));
    }

    [Fact]
    public void A_deadline_that_passes_in_between_is_named_with_what_comes_next()
    {
        _machine.OnDeprovision(words =>
        {
            var run = _machine.Deprovision(words);
            _machine.Time.Advance(TimeSpan.FromMinutes(20));
            return run;
        });
        Run(new() { Deadline = TimeSpan.FromMinutes(20) }).Ended(DeprovisionExitCode.DeadlinePassed, "the deadline of 1200 s passed before '/usr/sbin/cloud-init' was run");
    }

    [Fact]
    public void A_folder_without_end_is_not_gone_through_beyond_the_deadline()
    {
        _machine.Write("/tmp/a/b", "");
        _machine.Programs["usermod"] = _ =>
        {
            _machine.Time.Advance(TimeSpan.FromMinutes(20));
            return new ProgramRun(1, []);
        };
        _machine.Programs["passwd"] = _ => new ProgramRun(1, []);
        Run(new() { Deadline = TimeSpan.FromMinutes(20) }).Ended(DeprovisionExitCode.DeadlinePassed, "the deadline of 1200 s passed before ");
        Assert.True(_machine.Exists("/tmp/a/b"));
    }

    [Theory]
    [InlineData("dpkg")]
    [InlineData("unattended-upgr")]
    [InlineData("Zypp-main")]
    public void A_package_manager_that_does_not_end_is_named(string name)
    {
        _machine.Running.Add(new LinuxProcess(4711, name, name + " "));
        Run(new() { ServiceTimeout = TimeSpan.FromMinutes(3) }).Ended(DeprovisionExitCode.NotReady, $"{name} (process 4711) was still at work after 180 s").Said($"wait-agent: waiting for {name} (process 4711)");
        Assert.InRange(_machine.Time.Elapsed, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3.1));
        Run(new() { ServiceTimeout = TimeSpan.FromMinutes(3), Deadline = TimeSpan.FromMinutes(2) }).Ended(DeprovisionExitCode.DeadlinePassed, "was still at work when the deadline of 120 s passed");
        Assert.True(_machine.Exists("/var/lib/waagent/provisioned"));
    }

    [Fact]
    public void A_package_manager_that_ends_is_waited_for()
    {
        _machine.Running.Add(new LinuxProcess(1, "unattended-upgr", "/usr/bin/python3 unattended-upgrade-shutdown --wait-for-signal "));
        _machine.Running.Add(new LinuxProcess(2, "dpkg", "dpkg "));
        _machine.Time.After(TimeSpan.FromSeconds(100), () => _machine.Running.RemoveAt(1));
        Run().Ended(DeprovisionExitCode.Sealed).Said("wait-agent: waiting for dpkg (process 2)");
        Assert.InRange(_machine.Time.Elapsed, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(115));
    }

    [Theory]
    [InlineData("running", DeprovisionExitCode.NotReady)]
    [InlineData("done", DeprovisionExitCode.Sealed)]
    [InlineData("error", DeprovisionExitCode.Sealed)]
    [InlineData("degraded done", DeprovisionExitCode.Sealed)]
    [InlineData("not run", DeprovisionExitCode.Sealed)]
    [InlineData("disabled", DeprovisionExitCode.Sealed)]
    [InlineData("what?", DeprovisionExitCode.NotReady)]
    public void A_cloud_init_that_will_not_go_on_is_not_waited_for(string status, DeprovisionExitCode verdict)
    {
        _machine.Delete("/run/cloud-init/result.json");
        _machine.Write("/cloud-init-status", status);
        var run = Run(new() { ServiceTimeout = TimeSpan.FromMinutes(3) }).Ended(verdict);
        run.Said(verdict == DeprovisionExitCode.Sealed ? "cloud-init: " + status : "waiting for cloud-init");
    }

    [Fact]
    public void A_cloud_init_that_ends_is_waited_for()
    {
        _machine.Delete("/run/cloud-init/result.json");
        _machine.Time.After(TimeSpan.FromSeconds(40), () => _machine.Write("/run/cloud-init/result.json", "{}"));
        Run().Ended(DeprovisionExitCode.Sealed).Said("cloud-init: done");
    }

    [Fact]
    public void A_rule_that_waagent_takes_for_the_users_own_is_restored()
    {
        _machine.Write("/etc/sudoers.d/waagent", "packer ALL=(ALL) NOPASSWD: ALL\n# \\n $HOME `x` 'y'\npackeradmin ALL=(ALL) ALL, !/bin/su\nother ALL=(ALL) ALL\n");
        Run().Ended(DeprovisionExitCode.Sealed).Said("restored in /etc/sudoers.d/waagent the rule of packeradmin");
        Assert.Equal("# \\n $HOME `x` 'y'\nother ALL=(ALL) ALL\npackeradmin ALL=(ALL) ALL, !/bin/su\n", _machine.Read("/etc/sudoers.d/waagent"));
    }

    [Fact]
    public void A_file_of_rules_that_waagent_removes_is_made_again()
    {
        _machine.Write("/etc/sudoers.d/waagent", "packeradmin ALL=(ALL) ALL\n");
        _machine.OnDeprovision(words =>
        {
            _machine.Delete("/etc/sudoers.d/waagent");
            return _machine.Deprovision(words);
        });
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Equal("packeradmin ALL=(ALL) ALL\n", _machine.Read("/etc/sudoers.d/waagent"));
    }

    [Fact]
    public void A_deleted_account_takes_nobody_elses_rules_along()
    {
        _machine.Write("/etc/sudoers.d/own", "pack.er ALL=(ALL) ALL\npacker ALL=(ALL) ALL\npacker2 ALL=(ALL) ALL\n");
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Equal("pack.er ALL=(ALL) ALL\npacker2 ALL=(ALL) ALL\n", _machine.Read("/etc/sudoers.d/own"));
    }

    [Fact]
    public void Without_ovf_env_xml_the_user_is_the_one_of_cloud_inits_sudo_rules()
    {
        _machine.Delete("/var/lib/waagent/ovf-env.xml");
        Run().Ended(DeprovisionExitCode.Sealed).Said("the provisioned user is packer, by 90-cloud-init-users").Said("waagent: waagent has not deleted the user").Said("clean: deleted the account packer");
        Assert.Contains("userdel -f -r packer", _machine.Calls);
        Assert.Equal(KeptPaths(""), _machine.Surviving);
    }

    [Fact]
    public void Without_userdel_it_is_deluser()
    {
        _machine.Delete("/var/lib/waagent/ovf-env.xml");
        _machine.Programs["deluser"] = _machine.Programs["userdel"];
        _machine.Programs.Remove("userdel");
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Contains("deluser --remove-home packer", _machine.Calls);
    }

    [Theory]
    [MemberData(nameof(SudoCallers), MemberType = typeof(SeededLinuxMachine))]
    public void As_the_last_resort_it_is_the_one_who_called_sudo(string name, bool deleted)
    {
        _machine.Delete("/var/lib/waagent/ovf-env.xml");
        _machine.Delete("/etc/sudoers.d/90-cloud-init-users");
        _machine.SudoUser = name;
        Run().Ended(deleted ? DeprovisionExitCode.Sealed : DeprovisionExitCode.ResidueLeft, deleted ? "" : "1 left, first /etc/passwd (the provisioned user, whom nothing names)");
        Assert.Equal(deleted, _machine.Calls.Contains($"userdel -f -r {name}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_user_whom_nothing_names_may_stay_where_none_was_provisioned_or_it_is_asked_for(bool keepUser)
    {
        _machine.Delete("/var/lib/waagent/ovf-env.xml");
        _machine.Delete("/etc/sudoers.d/90-cloud-init-users");
        if (!keepUser)
        {
            _machine.Delete("/var/lib/waagent/provisioned");
            // As after a first run: a user of the image calls it again.
            _machine.SudoUser = "packer";
        }
        var run = Run(new() { KeepUser = keepUser }).Ended(DeprovisionExitCode.Sealed);
        Assert.DoesNotContain(_machine.Calls, call => call.StartsWith("userdel", StringComparison.Ordinal));
        Assert.Equal(!keepUser, run.Lines.Any(line => line.Contains("kept: every account", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(HostileUserNames), MemberType = typeof(SeededLinuxMachine))]
    public void A_hostile_user_name_is_not_used(string name)
    {
        _machine.Delete("/etc/sudoers.d/90-cloud-init-users");
        _machine.Write("/var/lib/waagent/ovf-env.xml", $"<ns1:UserName>{name}</ns1:UserName>");
        _machine.OnDeprovision(_ =>
        {
            _machine.Delete("/var/lib/waagent/ovf-env.xml");
            return FolderLinuxMachine.Said();
        });
        Run().Ended(DeprovisionExitCode.ResidueLeft, "1 left, first /etc/passwd (the provisioned user, whom nothing names)");
        Assert.DoesNotContain(_machine.Calls, call => call.StartsWith("userdel", StringComparison.Ordinal));
        Assert.Contains("packer:", _machine.Read("/etc/passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_links_that_were_planted_only_the_links_go()
    {
        string[] links = ["/home/appsvc/.zsh_history", "/home/appsvc/.viminfo", "/tmp/link", "/var/lib/dhcp/link"];
        foreach (var link in links)
        {
            _machine.Link(link, _machine.Root + "/etc/precious");
        }
        _machine.Link("/var/log/planted.log", _machine.Root + "/etc/precious");
        _machine.Link("/var/log/folder", _machine.Root + "/srv/precious");
        _machine.Link("/tmp/folder", _machine.Root + "/srv/precious");
        _machine.Link("/home/appsvc/.local/share/powershell", _machine.Root + "/srv/precious");
        _machine.Write("/etc/precious", Canary);
        _machine.Write("/srv/precious/PSReadLine/x_history.txt", Canary);

        Run().Ended(DeprovisionExitCode.Sealed);

        Assert.All(links, link => Assert.False(_machine.Exists(link), link));
        Assert.False(_machine.Exists("/tmp/folder"));
        Assert.Equal(Canary, _machine.Read("/etc/precious"));
        Assert.Equal(Canary, _machine.Read("/srv/precious/PSReadLine/x_history.txt"));
    }

    [Fact]
    public void Names_with_line_feeds_and_controls_neither_break_it_nor_its_output()
    {
        _machine.Write("/tmp/a\nb \u001b[31m'\"$(reboot)", Canary);
        _machine.Write("/var/log/x y\n>>> AibDeprovision [    0.0s] verdict: Sealed (exit code 0): no", Canary);
        _machine.Write("/var/lib/dhcp/-rf \n*", Canary);
        // A name in a removed folder that the verification would have to tell.
        _machine.Programs["userdel"] = _ => new ProgramRun(1, ["userdel: \u001b]0;title\u0007 no\n>>> AibDeprovision [    0.0s] verdict: Sealed (exit code 0): no"]);
        _machine.Write("/etc/os-release", "PRETTY_NAME=\"Scratch\u001b[2J\"\n");
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Equal(KeptPaths(""), _machine.Surviving);
    }

    [Theory]
    [InlineData("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", "/etc/sysconfig/network/dhcp", "DHCLIENT_HOSTNAME_OPTION=\"AUTO\"\n")]
    [InlineData("ID=almalinux\nID_LIKE=\"rhel centos fedora\"\n", "/etc/sysconfig/network-scripts/ifcfg-eth7", "\n")]
    public void What_waagent_is_lent_is_taken_back_even_when_it_fails_or_is_cancelled(string release, string path, string text)
    {
        _machine.Write("/etc/os-release", release);
        _machine.Write("/sys/class/net/eth7/address", "");
        _machine.Write("/sys/class/net/lo/address", "");
        string? lent = null;
        _machine.OnDeprovision(_ =>
        {
            lent = _machine.Read(path);
            return new ProgramRun(3, []);
        });
        Run().Ended(DeprovisionExitCode.WaagentFailed).Said("lent waagent the files that it would miss: " + path);
        Assert.Equal(text, lent);
        Assert.False(_machine.Exists(path));
        Assert.True(_machine.Exists("/etc/sysconfig/network-scripts/ifcfg-eth0"));

        using var cancel = new CancellationTokenSource();
        _machine.OnDeprovision(_ =>
        {
            Assert.True(_machine.Exists(path));
            cancel.Cancel();
            throw new OperationCanceledException(cancel.Token);
        });
        Assert.Throws<OperationCanceledException>(() => LinuxDeprovisionRun.On(_machine, cancel: cancel.Token));
        Assert.False(_machine.Exists(path));
    }

    [Fact]
    public void What_waagent_has_taken_is_given_back_where_it_is_stopped()
    {
        _machine.Write("/etc/sudoers.d/waagent", "packer ALL=(ALL) ALL\npackeradmin ALL=(ALL) ALL\n");
        using var cancel = new CancellationTokenSource();
        _machine.OnDeprovision(_ =>
        {
            _machine.Write("/etc/sudoers.d/waagent", "");
            _machine.Delete("/etc/machine-id");
            cancel.Cancel();
            throw new OperationCanceledException(cancel.Token);
        });
        Assert.Throws<OperationCanceledException>(() => LinuxDeprovisionRun.On(_machine, new() { Keep = ResidueKinds.MachineId }, cancel.Token));
        Assert.Equal("packeradmin ALL=(ALL) ALL\n", _machine.Read("/etc/sudoers.d/waagent"));
        Assert.Equal(MachineId, _machine.Read("/etc/machine-id"));
    }

    private LinuxDeprovisionRun Run(DeprovisionPlan? plan = null) => LinuxDeprovisionRun.On(_machine, plan);
}
