using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>Readiness on build VMs with the real waagent, cloud-init, sshd and sudo: the script that only checks and the cmdlet say the same.</summary>
public sealed partial class BedReadinessTests(ITestOutputHelper output)
{
    private const string Test = "Test-AibDeprovisionReadiness | ForEach-Object { \"$($_.Severity) $($_.RuleId): $($_.Message) $($_.Remedy)\" }";

    // In the bed no sshd runs, and Debian's minimal system has no boot loader.
    private static readonly string[] s_ofTheBed = ["SshNotListening"];

    private static string Script => ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Linux, ReadinessOnly = true }).Content;

    [Fact]
    public void A_seeded_machine_is_ready_by_both_and_neither_changes_anything()
    {
        using var machine = BedModule.Start();
        machine.Sh("cat >/root/readiness.sh", Script);
        var before = BedModule.Snapshot(machine);

        var run = machine.Run(["sh", "/root/readiness.sh"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"verdict: Ready \(exit code 0\): 0 errors, 1 warnings, 0 to know$", run.Output[^1]);
        Assert.Equal(s_ofTheBed, IdsOf(run.Output));
        Assert.Equal(s_ofTheBed, IdsOf(BedModule.Run(machine, Test).Output));
        Assert.Equal(before, BedModule.Snapshot(machine));
    }

    [Theory]
    // All at once, none of which explains another.
    [InlineData("""
        mkdir -p /etc/modprobe.d
        echo 'install udf /bin/true' >/etc/modprobe.d/cis.conf
        echo 'Bogus yes' >>/etc/ssh/sshd_config
        mkdir -p /run/sshd
        echo 'nonsense here' >/etc/sudoers.d/bad
        echo 'broken' >/var/lib/waagent/ovf-env.xml
        sed -i 's/^Provisioning.Agent=.*/Provisioning.Agent=waagent/' /etc/waagent.conf
        mount --bind /etc/resolv.conf /etc/resolv.conf
        mv /usr/sbin/waagent /usr/local/sbin/waagent
        systemctl disable ssh
        """, 12, "AgentElsewhere ProvisioningAgentConflict OvfEnvMalformed MountedOver SshNotListening SshDisabled SshConfigBroken SudoersBroken UdfDisabled")]
    [InlineData("""
        rm /usr/sbin/waagent
        touch /etc/cloud/cloud-init.disabled
        sed -i 's/^Provisioning.Agent=.*/Provisioning.Agent=cloud-init/' /etc/waagent.conf
        rm /var/lib/waagent/ovf-env.xml
        printf 'Port 2222\n' >/etc/ssh/sshd_config.d/port.conf
        mkdir -p /etc/modprobe.d
        echo 'blacklist udf' >/etc/modprobe.d/x.conf
        echo 'GRUB_CMDLINE_LINUX=quiet' >/etc/default/grub
        cp /bin/sleep /tmp/apt-get
        (/tmp/apt-get 300 >/dev/null 2>&1 &)
        """, 12, "AgentMissing ProvisioningAgentAbsent PackageManagerBusy OvfEnvMissing SshNotListening SshPortChanged UdfBlacklisted NoSerialConsole")]
    [InlineData("""
        sed -i '1s/.*/#!\/usr\/bin\/python2.6/' /usr/sbin/waagent
        find /usr -name version.py -path '*azurelinuxagent/common*' -exec sed -i "s/^AGENT_VERSION = .*/AGENT_VERSION = '2.2.40'/" {} +
        printf 'ID=rocky\nID_LIKE="rhel centos fedora"\n' >/etc/os-release
        mkdir -p /run/cloud-init
        rm -f /run/cloud-init/*
        echo '{}' >/run/cloud-init/status.json
        """, 0, "AgentWithoutPython AgentOutdated CloudInitRunning NetworkFileMissing SshNotListening")]
    public void Script_and_cmdlet_find_the_same(string before, int exitCode, string rules)
    {
        using var machine = BedModule.Start(before);

        var run = RunScript(machine);

        Assert.True(run.ExitCode == exitCode, run.ToString());
        Assert.Equal(rules.Split(' '), IdsOf(run.Output));
        var cmdlet = BedModule.Run(machine, Test).Output;
        Assert.Equal(Findings(run.Output), Findings(cmdlet));
    }

    [Fact]
    public void A_repair_is_seen_by_both_afterwards_and_WhatIf_changes_nothing()
    {
        using var machine = BedModule.Start("""
            mkdir -p /etc/modprobe.d
            printf '# hardening\ninstall udf /bin/true\ninstall cramfs /bin/true\n' >/etc/modprobe.d/cis.conf
            sed -i 's/^Provisioning.Agent=.*/Provisioning.Agent=waagent/' /etc/waagent.conf
            """);
        var before = BedModule.Snapshot(machine);
        Assert.All(BedModule.Run(machine, "(Repair-AibDeprovisionReadiness * -WhatIf).Outcome").Output.Where(line => !line.StartsWith("What if", StringComparison.Ordinal)), outcome => Assert.Equal("Left", outcome));
        Assert.Equal(before, BedModule.Snapshot(machine));

        var repair = BedModule.Run(machine, "Test-AibDeprovisionReadiness | Repair-AibDeprovisionReadiness | ForEach-Object { \"$($_.RuleId) $($_.Outcome)\" }");

        Assert.Equal(["ProvisioningAgentConflict Mended", "SshNotListening Left", "UdfDisabled Mended"], repair.Output);
        Assert.Equal("# hardening\ninstall cramfs /bin/true", machine.Sh("cat /etc/modprobe.d/cis.conf"));
        Assert.Equal(s_ofTheBed, IdsOf(RunScript(machine).Output));
        Assert.Equal(s_ofTheBed, IdsOf(BedModule.Run(machine, Test).Output));
        var mended = BedModule.Snapshot(machine);
        Assert.Empty(BedModule.Run(machine, "(Repair-AibDeprovisionReadiness Udf*, Provisioning*).Outcome").Output);
        Assert.Equal(mended, BedModule.Snapshot(machine));
    }

    [Fact]
    public void Who_is_not_root_is_told_so_by_both()
    {
        using var machine = BedModule.Start();
        machine.Sh("cat >/opt/readiness.sh; chmod 644 /opt/readiness.sh; chmod 700 /var/lib/waagent", Script);
        string[] asUser = ["setpriv", "--reuid=packer", "--regid=packer", "--init-groups"];
        var run = machine.Run([.. asUser, "sh", "/opt/readiness.sh"]);
        Assert.Equal(12, run.ExitCode);
        Assert.Contains("NotRoot", IdsOf(run.Output));
        var ids = IdsOf(machine.Run([.. asUser, .. BedModule.Words(Test)]).Output).ToList();
        Assert.Contains("NotRoot", ids);
        Assert.Contains("LinuxCheckFailed", ids);
    }

    [Fact]
    public void The_checks_are_measured()
    {
        using var machine = BedModule.Start();
        var run = BedModule.Run(machine, "1..9 | ForEach-Object { (Measure-Command { Test-AibDeprovisionReadiness }).TotalMilliseconds }");
        Assert.Equal(9, run.Output.Count);
        output.WriteLine($"Test-AibDeprovisionReadiness, ms: {string.Join(", ", run.Output)}");
    }

    private static BedRun RunScript(BedMachine machine)
    {
        machine.Sh("cat >/root/readiness.sh", Script);
        return machine.Run(["sh", "/root/readiness.sh"]);
    }

    private static IEnumerable<string> IdsOf(IEnumerable<string> lines) => Findings(lines).Select(finding => finding.Split(' ')[1].TrimEnd(':'));

    // Without the number of a process, which goes up.
    private static IEnumerable<string> Findings(IEnumerable<string> lines) => lines.Select(line => Finding().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^(?:>>> AibDeprovision \[ *[0-9.]+s\] readiness: )?((?:Error|Warning|Information) [A-Za-z]+: .+)$", RegexOptions.None, 1000)]
    private static partial Regex Finding();
}
