using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>
/// Machines on which a deprovision is easily wrong: an image that nobody can reach, residue that is sealed, files of others that are
/// lost, a failure that need not be. With the real waagent, cloud-init, sudo and OpenSSH of two releases of Debian.
/// </summary>
public sealed class BedCasesTests
{
    private const string NoKeysByAgent = "sed -i 's/^Provisioning.RegenerateSshHostKeyPair=.*/Provisioning.RegenerateSshHostKeyPair=n/' /etc/waagent.conf\n";
    private const string Mask = "for unit in local main network; do ln -sf /dev/null /etc/systemd/system/cloud-init-$unit.service; done; ln -sf /dev/null /etc/systemd/system/cloud-init.service\n";
    private const string FirstBootUnit = "mkdir -p /usr/lib/systemd/system/sshd-keygen@.service.d; echo >/usr/lib/systemd/system/sshd-keygen@.service.d/x.conf\n"
        + "printf '[Unit]\\nConditionFirstBoot=yes\\n' >/etc/systemd/system/sshd-keygen.service; ln -s ../sshd-keygen.service /etc/systemd/system/multi-user.target.wants/\n";

    private const string OwnRules = "root ALL=(ALL) /bin/a, \\\n  /bin/b";

    /// <summary>What is special about the machine, how it ends, a command afterwards, and what that prints.</summary>
    private static readonly (string Name, string Before, DeprovisionExitCode Verdict, string Cause, string Look, string Seen)[] All =
    [
        ("host keys stay where cloud-init is disabled", "touch /etc/cloud/cloud-init.disabled\n" + NoKeysByAgent, DeprovisionExitCode.Sealed, "", "ls /etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_rsa_key"),
        ("a unit of the first boot and a folder make no keys", "touch /etc/cloud/cloud-init.disabled\n" + NoKeysByAgent + FirstBootUnit, DeprovisionExitCode.Sealed, "", "ls /etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_rsa_key"),
        ("a unit that would run makes keys", "touch /etc/cloud/cloud-init.disabled\n" + NoKeysByAgent + FirstBootUnit.Replace("ConditionFirstBoot=yes", "Description=x", StringComparison.Ordinal), DeprovisionExitCode.Sealed, "", "ls /etc/ssh/ssh_host_* 2>/dev/null || echo gone", "gone"),
        ("network files stay where the configuration is quoted off", "echo 'network: {config: \"disabled\"}' >/etc/cloud/cloud.cfg.d/99.cfg", DeprovisionExitCode.Sealed, "", "ls /etc/netplan", "50-cloud-init.yaml"),
        ("network files stay where the kernel is told so", "mkdir -p /etc/default; echo 'GRUB_CMDLINE_LINUX=\"network-config=disabled\"' >/etc/default/grub", DeprovisionExitCode.Sealed, "", "ls /etc/netplan", "50-cloud-init.yaml"),
        ("a masked cloud-init makes neither", NoKeysByAgent + Mask, DeprovisionExitCode.Sealed, "", "ls /etc/netplan /etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_rsa_key\n\n/etc/netplan:\n50-cloud-init.yaml"),
        ("the home of an account that is gone goes", "userdel -f packer", DeprovisionExitCode.Sealed, "", "ls /home", "appsvc\npackeradmin"),
        ("the old home of one that was moved goes too", "mkdir /opt/home; chown packer /opt/home; usermod -d /opt/home packer", DeprovisionExitCode.Sealed, "", "ls -d /home/packer /opt/home 2>/dev/null || echo gone", "gone"),
        ("a home without its user is residue by itself", "userdel -f packer; rm -rf /var/lib/waagent/* /etc/sudoers.d/90-cloud-init-users; mkdir /home/others", DeprovisionExitCode.Sealed, "", "ls /home", "appsvc\nothers\npackeradmin"),
        ("a find that fails is residue", "printf '#!/bin/sh\\nexit 1\\n' >/usr/local/bin/find; chmod +x /usr/local/bin/find", DeprovisionExitCode.ResidueLeft, "first /var/log (not all of it could be looked at)", "true", ""),
        ("a last line of accounts without an end is read", "rm /var/lib/waagent/ovf-env.xml; cp /etc/passwd /opt/p; { grep -v ^packer: /opt/p; grep ^packer: /opt/p | tr -d '\\n'; } >/etc/passwd", DeprovisionExitCode.Sealed, "", "grep -c ^packer: /etc/passwd || :", "0"),
        ("rules of sudo go in every form", $"printf '  packer ALL=(ALL) ALL\\n%%packer ALL=(ALL) ALL\\n#1000 ALL=(ALL) ALL\\n\"packer\" ALL=(ALL) ALL\\n{OwnRules.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\\\\", "\\\\\\", StringComparison.Ordinal)}\\npacker ALL=(ALL) /bin/a, \\\\\\n /bin/b\\n' >/etc/sudoers.d/own", DeprovisionExitCode.Sealed, "", "cat /etc/sudoers.d/own", OwnRules),
        ("a rule for several is named and stays", "printf 'User_Alias OPS = appsvc, \\\\\\n  packer\\nOPS ALL=(ALL) ALL\\n' >/etc/sudoers.d/own", DeprovisionExitCode.ResidueLeft, "1 left, first /etc/sudoers.d/own (rules that name packer among others", "grep -c packer /etc/sudoers.d/own", "1"),
        ("a rule that nothing of the files explains is named", "printf 'import sys\\n' >/dev/null; printf '#!/bin/sh\\necho \"User packer may run the following commands\"\\n' >/usr/local/sbin/sudo; chmod +x /usr/local/sbin/sudo; rm /etc/sudoers.d/*; gpasswd -d packer sudo", DeprovisionExitCode.ResidueLeft, "sudo gives packer rights by a rule that is in none of its files", "true", ""),
        ("a home elsewhere that cannot be removed is residue", "mkdir -p /srv/h/x /m; chown packer /srv/h; usermod -d /srv/h packer; mount --bind /m /srv/h/x", DeprovisionExitCode.ResidueLeft, "first /srv/h (the home of packer)", "true", ""),
        ("a rule of somebody else without an end of line is not lost", "printf 'packer ALL=(ALL) ALL\\npackeradmin ALL=(ALL) ALL' >/etc/sudoers.d/waagent", DeprovisionExitCode.Sealed, "", "cat /etc/sudoers.d/waagent; stat -c %a /etc/sudoers.d/waagent", "packeradmin ALL=(ALL) ALL\n440"),
        ("nor one on several lines", "printf 'packeradmin ALL=(ALL) /bin/a, \\\\\\n  /bin/b\\n' >/etc/sudoers.d/waagent", DeprovisionExitCode.Sealed, "", "cat /etc/sudoers.d/waagent; visudo -c >/dev/null && echo valid", "packeradmin ALL=(ALL) /bin/a, \\\n  /bin/b\nvalid"),
        ("nor where /run is full", "cat /dev/zero >/run/fill 2>/dev/null || :", DeprovisionExitCode.Sealed, "", "cat /etc/sudoers.d/waagent", "packeradmin ALL=(ALL) ALL"),
        ("a shared home stays", "usermod -d /srv/app packer; mkdir /srv/app; echo data >/srv/app/file", DeprovisionExitCode.Sealed, "", "cat /srv/app/file; grep -c ^packer: /etc/passwd || :", "data\n0"),
        ("backups of accounts do not come back", "sed -i 's/^Provisioning.DeleteRootPassword=.*/Provisioning.DeleteRootPassword=n/' /etc/waagent.conf", DeprovisionExitCode.Sealed, "", "ls /etc/*- 2>/dev/null; grep -o '^root:.' /etc/shadow", "root:*"),
        ("very many files in one folder are no matter", "mkdir /var/log/many; cd /var/log/many; seq 20000 | split -l 1 -a 4; cd /var/lib/dhcp; seq 20000 | split -l 1 -a 4", DeprovisionExitCode.Sealed, "", "find /var/log -type f -size +0; ls /var/lib/dhcp", ""),
        ("keys at another path stay and are told of", "mkdir /etc/ssh/keys; echo key >/etc/ssh/keys/own; echo 'HostKey /etc/ssh/keys/own' >>/etc/ssh/sshd_config", DeprovisionExitCode.Sealed, "", "cat /etc/ssh/keys/own", "key"),
        ("files of nobody elsewhere stay", "mkdir -p /opt/tool; echo own >/opt/tool/file; chown -R 1005 /opt/tool", DeprovisionExitCode.Sealed, "", "cat /opt/tool/file", "own"),
        ("a machine-id that is not there yet is left alone", "echo uninitialized >/etc/machine-id", DeprovisionExitCode.Sealed, "", "cat /etc/machine-id", "uninitialized"),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var suite in (string[])["bookworm", "trixie"])
            {
                foreach (var (name, _, _, _, _, _) in All)
                {
                    data.Add(suite, name);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_ends_as_it_should(string suite, string name)
    {
        var (_, before, verdict, cause, look, seen) = Array.Find(All, c => c.Name == name);
        using var machine = BedMachine.Start(before, suite: suite);

        var run = machine.RunScript(Hardened(new()));

        AssertVerdict(run, verdict, cause);
        Assert.Equal("", run.Error);
        Assert.Equal(seen, machine.Sh(look));
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void It_finishes_its_work_where_nobody_reads_what_it_says(string suite)
    {
        using var machine = BedMachine.Start(suite: suite);
        machine.Sh($"cat >{BedMachine.ScriptPath}", Hardened(new()));

        machine.Sh($"(sh {BedMachine.ScriptPath}; echo $? >/opt/status) 2>/dev/null | head -n 2 >/dev/null");

        Assert.Equal("0", machine.Read("/opt/status"));
        Assert.Equal("packeradmin ALL=(ALL) ALL", machine.Read("/etc/sudoers.d/waagent"));
        // With none to write to at all it still has its exit code.
        machine.Sh($"cat >{BedMachine.ScriptPath}", Hardened(new()));
        Assert.Equal("0", machine.Sh($"sh {BedMachine.ScriptPath} >&- 2>&-; echo $?"));
    }
}
