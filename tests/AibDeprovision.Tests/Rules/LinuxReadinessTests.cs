using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Tests.Rules;

/// <summary>Each rule about the readiness of a Linux machine: a machine on which it holds alone, and a healthy one on which none does.</summary>
public sealed class LinuxReadinessTests : IDisposable
{
    /// <summary>What makes each rule hold.</summary>
    internal static readonly Dictionary<string, Action<ReadyLinux>> Arrangements = new()
    {
        ["NotRoot"] = m => m.IsRoot = false,
        ["AgentMissing"] = m => m.Root.Delete("/usr/sbin/waagent"),
        ["AgentElsewhere"] = m => File.Move(m.Root["/usr/sbin/waagent"], m.Root["/usr/bin/waagent"]),
        ["AgentWithoutPython"] = m => m.Root.Delete("/usr/bin/python3"),
        ["AgentOutdated"] = m => m.Root.Write("/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py", "AGENT_VERSION = '2.2.46'\n"),
        ["ProvisioningAgentAbsent"] = m =>
        {
            m.Root.Write("/etc/waagent.conf", "Provisioning.Agent=cloud-init\n");
            m.Root.Delete("/usr/bin/cloud-init");
        },
        ["ProvisioningAgentConflict"] = m => m.Root.Write("/etc/waagent.conf", "Provisioning.Agent = waagent\n"),
        ["ProvisioningOff"] = m =>
        {
            m.Root.Write("/etc/waagent.conf", "Provisioning.Agent=disabled\n");
            m.Root.Delete("/usr/bin/cloud-init");
        },
        ["CloudInitRunning"] = m => m.Root.Delete("/run/cloud-init/result.json"),
        ["CloudInitOff"] = m => m.Root.Write("/etc/cloud/cloud-init.disabled", ""),
        ["CloudInitErrors"] = m => m.Root.Write("/run/cloud-init/result.json", "{\n \"v1\": {\n  \"errors\": [\n   \"('scripts_user', ...)\"\n  ]\n }\n}\n"),
        ["AzureInitToo"] = m => m.Root.Write("/etc/systemd/system/multi-user.target.wants/azure-init.service", "x"),
        ["PackageManagerBusy"] = m => Process(m, "apt-get", "apt-get\0install\0"),
        ["OvfEnvMissing"] = m => m.Root.Delete("/var/lib/waagent/ovf-env.xml"),
        ["OvfEnvMalformed"] = m => m.Root.Write("/var/lib/waagent/ovf-env.xml", "<Environment><UserName>packer</UserName>"),
        ["NetworkFileMissing"] = m => m.Root.Write("/etc/os-release", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"),
        ["MountedOver"] = m => m.Root.Write("/proc/self/mounts", "tmpfs /etc/resolv.conf tmpfs rw 0 0\n"),
        ["RootSpaceLow"] = m => m.Free = 60L * 1024 * 1024,
        ["SshNotListening"] = m => m.Root.Write("/proc/self/net/tcp", "   0: 0100007F:0019 00000000:0000 0A\n   1: 0400000A:0016 0100000A:D0D0 01\n"),
        ["SshDisabled"] = m => m.Root.Delete("/etc/systemd/system/multi-user.target.wants/ssh.service"),
        ["SshPortChanged"] = m => m.Root.Write("/etc/ssh/sshd_config.d/10-port.conf", "Port 2222\n"),
        ["SshConfigBroken"] = m => m.Programs["sshd"] = new ProgramRun(255, ["/etc/ssh/sshd_config: line 3: Bad configuration option: Permit", "/etc/ssh/sshd_config: terminating, 1 bad configuration options"]),
        ["SudoersBroken"] = m => m.Programs["visudo"] = new ProgramRun(1, ["/etc/sudoers.d/x:1:7: syntax error"]),
        ["UdfDisabled"] = m => m.Root.Write("/etc/modprobe.d/cis.conf", "install cramfs /bin/true\n install\tudf  /bin/true\n"),
        ["UdfBlacklisted"] = m => m.Root.Write("/usr/lib/modprobe.d/cis.conf", "blacklist udf\n"),
        ["NoSerialConsole"] = m => m.Root.Write("/etc/default/grub", "# console=ttyS0\nGRUB_CMDLINE_LINUX=\"quiet\"\n"),
        ["LinuxCheckFailed"] = m => m.Root.Write("/etc/os-release", new string('x', 5 * 1024 * 1024)),
    };

    private readonly ReadyLinux _machine = new();

    public static TheoryData<string> Rules => [.. LinuxReadiness.Rules.Select(rule => rule.Id)];

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_machine_that_is_ready_has_none() => Assert.Empty(Check());

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_found_where_it_holds_and_no_other(string id)
    {
        Arrangements[id](_machine);
        var finding = Assert.Single(Check());
        Assert.Equal((id, LinuxReadiness.Rules.Single(rule => rule.Id == id).Severity), (finding.RuleId, finding.Severity));
        Assert.DoesNotContain("{", finding.Message + finding.Remedy, StringComparison.Ordinal);
        if (id != "LinuxCheckFailed")
        {
            Assert.Equal(finding, Assert.Single(Check(rule => rule.Id == id)));
            Assert.Empty(Check(rule => rule.Id != id));
        }
    }

    [Fact]
    public void A_file_that_decides_is_named_with_its_line()
    {
        Arrangements["UdfDisabled"](_machine);
        Assert.Equal(("/etc/modprobe.d/cis.conf", 2), Assert.Single(Check().Select(f => (f.File!, f.Line!.Value))));
    }

    [Theory]
    [InlineData("install udf /sbin/modprobe --ignore-install udf")]
    [InlineData("# install udf /bin/true")]
    [InlineData("install udfx /bin/true")]
    [InlineData("options udf x=1")]
    public void Another_line_about_udf_is_none_that_disables_it(string line)
    {
        _machine.Root.Write("/etc/modprobe.d/x.conf", line + "\n");
        Assert.Empty(Check());
    }

    [Fact]
    public void A_kernel_that_has_udf_built_in_needs_no_module()
    {
        Arrangements["UdfDisabled"](_machine);
        _machine.Root.Write("/lib/modules/6.1.0/modules.builtin", "kernel/fs/udf/udf.ko\n");
        Assert.Empty(Check());
    }

    [Theory]
    [InlineData("Port 22", 0)]
    [InlineData("#Port 2222", 0)]
    [InlineData("Port 220", 1)]
    [InlineData("port\t2222", 1)]
    [InlineData("Port 1022", 1)]
    [InlineData("Port 2", 1)]
    [InlineData("Port 22\nPort 2222", 0)]
    public void Only_an_sshd_without_port_22_counts(string settings, int findings)
    {
        _machine.Root.Write("/etc/ssh/sshd_config", settings + "\n");
        Assert.Equal(findings, Check().Count);
    }

    [Theory]
    [InlineData(1, "Missing privilege separation directory: /run/sshd")]
    [InlineData(1, "sshd: no hostkeys available -- exiting.")]
    [InlineData(0, "line 3: Deprecated option")]
    [InlineData(127, "line 3")]
    public void What_sshd_says_of_anything_but_its_settings_is_no_finding(int status, string line)
    {
        _machine.Programs["sshd"] = new ProgramRun(status, [line]);
        Assert.Empty(Check());
    }

    [Fact]
    public void A_waagent_in_another_folder_of_PATH_is_there()
    {
        Arrangements["AgentMissing"](_machine);
        _machine.Programs["sh"] = new ProgramRun(0, ["/opt/agent/waagent"]);
        Assert.Empty(Check());
    }

    [Theory]
    [InlineData("unattended-upgr", "/usr/bin/python3\0/usr/share/unattended-upgrades/unattended-upgrade-shutdown\0--wait-for-signal\0", "S (sleeping)", 0)]
    [InlineData("unattended-upgr", "/usr/bin/python3\0/usr/bin/unattended-upgrade\0", "S (sleeping)", 1)]
    [InlineData("dpkg", "dpkg\0", "Z (zombie)", 0)]
    [InlineData("aptly", "aptly\0", "S (sleeping)", 0)]
    public void Only_a_package_manager_that_works_counts(string name, string commandLine, string state, int findings)
    {
        Process(_machine, name, commandLine, state);
        Assert.Equal(findings, Check().Count);
    }

    [Theory]
    [InlineData("2.2.53", 1)]
    [InlineData("2.2.53.1", 0)]
    [InlineData("2.10.0.8", 0)]
    [InlineData("1.9", 1)]
    public void A_version_is_compared_number_by_number(string version, int findings)
    {
        _machine.Root.Write("/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py", $"AGENT_VERSION = '{version}'\n");
        Assert.Equal(findings, Check().Count);
    }

    [Fact]
    public void An_interpreter_that_env_has_to_find_is_looked_for_in_the_usual_folders()
    {
        _machine.Root.Write("/usr/sbin/waagent", "#!/usr/bin/env python3\n");
        Assert.Empty(Check());
        _machine.Root.Delete("/usr/bin/python3");
        Assert.Equal("AgentWithoutPython", Assert.Single(Check()).RuleId);
    }

    [Fact]
    public void An_image_tells_what_its_files_tell()
    {
        string[] live = ["NotRoot", "CloudInitRunning", "CloudInitErrors", "PackageManagerBusy", "MountedOver", "RootSpaceLow", "SshNotListening", "SshConfigBroken", "SudoersBroken"];
        foreach (var id in LinuxReadiness.Rules.Select(rule => rule.Id).Where(id => id != "LinuxCheckFailed"))
        {
            using var machine = new ReadyLinux();
            Arrangements[id](machine);
            var found = LinuxReadiness.Check(machine.Root.Files, machine: null, _ => true, TestContext.Current.CancellationToken).Select(f => f.RuleId);
            Assert.Equal(live.Contains(id) ? [] : [id], found);
        }
    }

    [Fact]
    public void What_others_have_written_is_shown_printable()
    {
        _machine.Programs["visudo"] = new ProgramRun(1, ["\u001b[31msyntax error: password=hunter2hunter2"]);
        var message = Assert.Single(Check()).Message;
        Assert.DoesNotContain('\u001b', message);
        Assert.DoesNotContain("hunter2hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_has_the_name_of_what_was_found_once_at_most() => Assert.All(LinuxReadinessRules.All.Where(rule => rule.Id != "LinuxCheckFailed"), rule =>
        Assert.True($"{rule.Message} {rule.Remedy}".Split("{found}").Length <= 2, rule.Id));

    private static void Process(ReadyLinux machine, string name, string commandLine, string state = "S (sleeping)")
    {
        machine.Root.Write("/proc/77/status", $"Name:\t{name}\nState:\t{state}\n");
        machine.Root.Write("/proc/77/cmdline", commandLine);
    }

    private IReadOnlyList<Finding> Check(Func<Rule, bool>? isWanted = null) => [.. LinuxReadiness.Check(_machine.Files, _machine, isWanted ?? (_ => true), TestContext.Current.CancellationToken)];
}
