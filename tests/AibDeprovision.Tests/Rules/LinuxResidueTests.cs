using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Tests.Rules;

/// <summary>Every rule on a Linux root: silent without its residue, found with it, and information where the policy keeps it.</summary>
public sealed class LinuxResidueTests : IDisposable
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/bash\npacker:x:1000:1000::/home/packer:/bin/bash\nlogin:x:400:400::/srv/login:/bin/sh\n";
    private const string Ovf = "<e xmlns:n='x'><n:UserPassword>CANARY</n:UserPassword><n:UserName>packer</n:UserName></e>";
    private const string Warning = nameof(Severity.Warning);
    private const string Error = nameof(Severity.Error);

    private readonly LinuxRoot _root = new();

    public void Dispose() => _root.Dispose();

    /// <summary>Rule, severity, what keeps it (several: any), the file that seeds it, its text. The path of the finding is that of the file.</summary>
    public static TheoryData<string, string, string, string, string> Seeds => new()
    {
        { "AgentProvisioned", Error, "", "/var/lib/waagent/provisioned", "x" },
        { "AgentEnvironment", Error, "", "/var/lib/waagent/ovf-env.xml", "x" },
        { "AgentState", Error, "", "/var/lib/waagent/GoalState.1.xml", "x" },
        { "AgentState", Error, "", "/var/lib/waagent/.hidden", "" },
        { "AgentSudoRules", Error, "User", "/etc/sudoers.d/waagent", "other ALL=(ALL) ALL\n" },
        { "AgentSudoRulesEmpty", Warning, "User", "/etc/sudoers.d/waagent", "" },
        { "CloudInitSudoRules", Error, "User", "/etc/sudoers.d/90-cloud-init-users", "" },
        { "SshHostKeys", Error, "", "/etc/ssh/ssh_host_rsa_key", "x" },
        { "SshHostKeys", Error, "", "/etc/ssh/ssh_host_rsa_key.pub", "x" },
        { "OtherSshHostKeys", Warning, "", "/etc/ssh/keys/host_ed25519", "x" },
        { "RootSshKeys", Error, "RootSshKeys", "/root/.ssh/authorized_keys", "x" },
        { "RootSshKeys", Error, "RootSshKeys", "/root/.ssh/id_ed25519", "x" },
        { "RootKnownHosts", Warning, "RootSshKeys", "/root/.ssh/known_hosts.old", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.azure/msal_token_cache.json", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.aws/credentials", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.config/gh/hosts.yml", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.kube/config", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.netrc", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.git-credentials", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.docker/config.json", "x" },
        { "RootCredentials", Error, "Credentials", "/root/.azure/accessTokens.json", "x" },
        { "RootMail", Warning, "Logs", "/var/mail/root", "x" },
        { "HomeSettings", Warning, "", "/root/.npmrc", "x" },
        { "MachineSecrets", Error, "", "/var/lib/NetworkManager/secret_key", "x" },
        { "MachineSecrets", Error, "", "/var/lib/systemd/credential.secret", "x" },
        { "RandomSeed", Warning, "", "/var/lib/systemd/random-seed", "x" },
        { "RandomSeed", Warning, "", "/boot/efi/loader/random-seed", "x" },
        { "PersistentNetworkNames", Error, "", "/etc/udev/rules.d/70-persistent-net.rules", "x" },
        { "PersistentNetworkNames", Error, "", "/etc/udev/rules.d/75-persistent-net-generator.rules", "x" },
        { "CloudInitNetworkFiles", Warning, "CloudInit", "/etc/netplan/50-cloud-init.yaml", "x" },
        { "CloudInitNetworkFiles", Warning, "CloudInit", "/etc/network/interfaces.d/50-cloud-init.cfg", "x" },
        { "CloudInitNetworkFiles", Warning, "CloudInit", "/etc/NetworkManager/system-connections/cloud-init-eth0.nmconnection", "x" },
        { "CloudInitNetworkFiles", Warning, "CloudInit", "/etc/systemd/network/10-cloud-init-eth0.network", "x" },
        { "CloudInitNetworkFiles", Warning, "CloudInit", "/etc/sysconfig/network-scripts/ifcfg-eth0", "# Created by cloud-init\n" },
        { "CloudInitState", Error, "CloudInit", "/var/lib/cloud/data/set-hostname", "x" },
        { "CloudInitState", Error, "CloudInit", "/var/lib/cloud/sem/once", "x" },
        { "DhcpLeases", Warning, "", "/var/lib/dhcp/dhclient.leases", "x" },
        { "DhcpLeases", Warning, "", "/var/lib/dhclient/d.lease", "x" },
        { "DhcpLeases", Warning, "", "/var/lib/dhcpcd/eth0.lease", "x" },
        { "DhcpLeases", Warning, "", "/var/lib/NetworkManager/internal-1-eth0.lease", "x" },
        { "DhcpLeases", Warning, "", "/run/systemd/netif/leases/2", "x" },
        { "DhcpLeases", Warning, "", "/var/lib/wicked/duid.xml", "x" },
        { "AccountBackups", Warning, "", "/etc/shadow-", "x" },
        { "AgentLogs", Warning, "Logs", "/var/log/waagent.log", "x" },
        { "AgentLogs", Warning, "Logs", "/var/log/azure/Ext/CommandExecution.log", "x" },
        { "CloudInitLogs", Warning, "Logs CloudInit", "/var/log/cloud-init-output.log", "x" },
        { "Logs", Warning, "Logs", "/var/log/auth.log", "x" },
        { "Logs", Warning, "Logs", "/var/log/audit/audit.log", "x" },
        { "Histories", Warning, "History", "/root/.bash_history", "x" },
        { "Histories", Warning, "History", "/root/.mysql_history", "x" },
        { "Histories", Warning, "History", "/root/.lesshst", "x" },
        { "Histories", Warning, "History", "/root/.viminfo", "x" },
        { "Histories", Warning, "History", "/root/.wget-hsts", "x" },
        { "Histories", Warning, "History", "/root/.local/share/powershell/PSReadLine/ConsoleHost_history.txt", "x" },
        { "DeprovisionScript", Warning, "TempFiles", "/tmp/DeprovisioningScript.sh", "x" },
        { "TempFiles", Warning, "TempFiles", "/tmp/deep/er/file", "" },
        { "TempFiles", Warning, "TempFiles", "/var/tmp/file", "x" },
        { "PackerScript", nameof(Severity.Information), "", "/tmp/script_4711.sh", "x" },
        { "MachineId", Error, "MachineId", "/etc/machine-id", "0123456789abcdef0123456789abcdef\n" },
        { "MachineIdCopy", Error, "MachineId", "/var/lib/dbus/machine-id", "0123456789abcdef0123456789abcdef\n" },
        { "RootPassword", Error, "", "/etc/shadow", "root:$6$x:19000::::::\n" },
        { "RootPassword", Error, "", "/etc/shadow", "root::19000::::::\n" },
        { "HostName", Warning, "", "/etc/hostname", "build-vm\n" },
        { "HostsLine", Warning, "CloudInit", "/etc/hosts", "127.0.1.1 build-vm\n" },
        { "ResolvLinkLost", Warning, "", "/etc/systemd/system/multi-user.target.wants/systemd-resolved.service", "x" },
        { "ResolvConf", nameof(Severity.Information), "", "/etc/resolv.conf", "nameserver 1.2.3.4\n" },
        { "AptLogins", Error, "Credentials", "/etc/apt/auth.conf.d/90own", "x" },
        { "RootSshKeys", Error, "RootSshKeys", "/root/.ssh/deploy.pem", "x" },
        { "MachineIdentity", Warning, "", "/etc/nvme/hostid", "x" },
        { "ServiceKeys", Error, "", "/etc/pki/tls/private/localhost.key", "x" },
        { "SharedIdentity", Warning, "", "/etc/iscsi/initiatorname.iscsi", "x" },
        { "MailName", nameof(Severity.Information), "", "/etc/mailname", "x" },
        { "Subscriptions", Warning, "Subscriptions", "/etc/pki/consumer/cert.pem", "x" },
        { "DomainJoin", Error, "DomainJoin", "/etc/krb5.keytab", "x" },
        { "AgentIdentities", Warning, "Agents", "/etc/opt/microsoft/omsagent/own/certs/oms.key", "x" },
        { "AzureInitState", Error, "", "/var/lib/azure-init/1.provisioned", "x" },
        { "AzureInitSudoRules", Error, "User", "/etc/sudoers.d/azure-init-user", "x ALL=(ALL) ALL\n" },
        { "ProvisioningSshSettings", Warning, "CloudInit", "/etc/ssh/sshd_config.d/50-cloud-init.conf", "x" },
        { "LvmDevices", Warning, "", "/etc/lvm/devices/system.devices", "x" },
        { "NetworkConnections", nameof(Severity.Information), "", "/etc/NetworkManager/system-connections/own.nmconnection", "x" },
        { "InstallerLogs", Warning, "Logs", "/root/anaconda-ks.cfg", "x" },
        { "CrashDumps", Error, "Logs", "/var/lib/systemd/coredump/core.x.zst", "x" },
        { "AtJobs", Warning, "", "/var/spool/cron/atjobs/a00001", "x" },
        { "CloudInitFstabLines", Warning, "CloudInit", "/etc/fstab", "/dev/sdb1 /mnt auto nofail,comment=cloudconfig 0 2\n" },
        { "HardwareAddress", Warning, "", "/etc/sysconfig/network-scripts/ifcfg-eth0", "HWADDR=00:0d:3a:aa:bb:cc\n" },
        { "HomeSettingsOfNuGet", nameof(Severity.Information), "", "/root/.nuget/NuGet/NuGet.Config", "x" },
        { "Histories", Warning, "History", "/root/.local/state/bash/history", "x" },
        { "Histories", Warning, "History", "/root/.local/state/nvim/shada/main.shada", "x" },
        { "OtherUser", nameof(Severity.Information), "", "/etc/passwd", "root:x:0:0::/root:/bin/sh\nappsvc:x:1001:1001::/home/appsvc:/bin/sh\n" },
    };

    [Fact]
    public void A_root_without_residue_gives_nothing() => Assert.Empty(_root.Check());

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_rule_finds_its_residue_and_only_it(string rule, string severity, string keptBy, string path, string text)
    {
        Seed(path, text);
        var finding = Assert.Single(_root.Check());
        Assert.Equal(rule, finding.RuleId);
        Assert.Equal(severity, finding.Severity.ToString());
        Assert.Equal(rule == "ResolvLinkLost" ? "/etc/resolv.conf" : path, finding.File);
        Assert.Equal(severity == nameof(Severity.Information), finding.Remedy is null);

        foreach (var kind in Enum.GetValues<ResidueKinds>().Where(kind => kind != ResidueKinds.None))
        {
            var isKept = keptBy.Split(' ').Contains(kind.ToString());
            Assert.Equal(isKept ? Severity.Information : finding.Severity, Assert.Single(_root.Check(new() { Keep = kind })).Severity);
        }
        Assert.Equal(keptBy == "User" ? Severity.Information : finding.Severity, Assert.Single(_root.Check(new() { KeepUser = true })).Severity);

        _root.Delete(path);
        Assert.DoesNotContain(_root.Check(), f => f.RuleId == rule && rule is not ("RootPassword" or "OtherUser"));
    }

    [Fact]
    public void Every_rule_is_seeded_here_or_below()
    {
        string[] below = ["UserAccount", "UserHome", "UserSudoRules", "UserNamedInSudoRules", "UserSubordinateIds", "UserCrontab", "UserMail", "OtherUserKeys", "UserCredentials", "UserSshKeys", "UserAccess", "OrphanFiles", "OrphanFilesElsewhere", "Journal", "NotLookedAt"];
        Assert.Equal(LinuxResidue.Rules.Where(rule => rule.Rule.Kind.HasFlag(RuleKinds.Residue)).Select(rule => rule.Id).Distinct().Order(StringComparer.Ordinal), Seeds.Select(seed => seed.Data.Item1).Concat(below).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("uninitialized\n", false)]
    [InlineData("uninitialized", false)]
    [InlineData("", false)]
    [InlineData("uninitialised\n", true)]
    public void A_machine_id_may_be_empty_or_uninitialized(string text, bool isResidue)
    {
        _root.Write("/etc/machine-id", text);
        _root.Link("/var/lib/dbus/machine-id", "/etc/machine-id");
        Assert.Equal(isResidue ? ["/etc/machine-id"] : [], _root.Check().Select(f => f.File!));
    }

    [Theory]
    [InlineData("packer,appsvc ALL=(ALL) ALL", true)]
    [InlineData("appsvc , packer\tALL = (ALL) ALL", true)]
    [InlineData("User_Alias OPS=appsvc,packer", true)]
    [InlineData("appsvc ALL=(ALL) /bin/a, \\\n  packer", true)]
    [InlineData("# packer,appsvc ALL=(ALL) ALL", false)]
    [InlineData("%packeradmin ALL=(ALL) ALL", false)]
    [InlineData("packer2,packer.x ALL=(ALL) ALL", false)]
    public void Rules_that_name_the_user_among_others_are_for_a_person_to_mend(string rule, bool isFound)
    {
        _root.Write("/etc/sudoers.d/own", rule + "\n");
        var found = _root.Check(new() { Users = ["packer"] }).Where(f => f.File == "/etc/sudoers.d/own").Select(f => (f.RuleId, f.Severity));
        Assert.Equal(isFound ? [("UserNamedInSudoRules", Severity.Error)] : [], found);
        Assert.DoesNotContain(_root.Check(new() { Users = ["packer"], KeepUser = true }), f => f.File == "/etc/sudoers.d/own" && f.Severity != Severity.Information);
    }

    [Theory]
    [InlineData("/dev/mapper/rootvg-varlv /var xfs defaults 0 0", true)]
    [InlineData("UUID=1\t/home\text4\tdefaults,nofail\t0\t2", true)]
    [InlineData("/dev/sdc1 /data/home ext4", true)]
    [InlineData("# /dev/sdc1 /home ext4 defaults 0 0", false)]
    [InlineData("/dev/sdb1 /mnt auto defaults,nofail 0 2", false)]
    [InlineData("/dev/sda15 /boot/efi vfat umask=0077 0 1", false)]
    [InlineData("UUID=1 / ext4 defaults 0 1", false)]
    [InlineData("UUID=1 /home ext4 noauto 0 1", false)]
    [InlineData("tmpfs /tmp tmpfs nosuid 0 0", false)]
    [InlineData("/dev/sda2 none swap sw 0 0", false)]
    [InlineData("/dev/sda2 /etc ext4 defaults 0 0", false)]
    [InlineData("nonsense", false)]
    public void A_disk_of_the_image_that_is_not_mounted_was_not_looked_at(string line, bool isMissed)
    {
        _root.Write("/etc/passwd", "root:x:0:0::/root:/bin/sh\nfar:x:400:400::/data/home/far:/bin/sh\n");
        Directory.CreateDirectory(_root["/home"]);
        _root.Write("/etc/fstab", line + "\n");
        var findings = _root.Check();
        Assert.Equal(isMissed ? [("NotLookedAt", Severity.Warning)] : [], findings.Select(f => (f.RuleId, f.Severity)));
        Assert.All(findings, f => Assert.Contains("not mounted here", f.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_journal_is_one_finding_whatever_is_in_it()
    {
        _root.Write("/var/log/journal/0123/system.journal", "x");
        _root.Write("/var/log/journal/0123/user-1000.journal", "x");
        Assert.Equal(("Journal", "/var/log/journal/0123"), Assert.Single(_root.Check().Select(f => (f.RuleId, f.File!))));
    }

    [Fact]
    public void An_empty_log_and_what_switches_the_name_generator_off_are_no_residue()
    {
        _root.Write("/var/log/auth.log", "");
        _root.Link("/etc/udev/rules.d/75-persistent-net-generator.rules", "/dev/null");
        _root.Link("/etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf");
        _root.Write("/etc/systemd/system/multi-user.target.wants/systemd-resolved.service", "x");
        Assert.Empty(_root.Check());
    }

    [Fact]
    public void What_services_wrote_after_the_cleaning_is_only_told()
    {
        _root.Write("/var/log/auth.log", "x");
        _root.Write("/var/log/dpkg.log", "x");
        Directory.CreateDirectory(_root["/var/lib/waagent"]);
        Directory.SetLastWriteTimeUtc(_root["/var/lib/waagent"], new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(_root["/var/log/auth.log"], new DateTime(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(_root["/var/log/dpkg.log"], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal([("/var/log/auth.log", Severity.Information), ("/var/log/dpkg.log", Severity.Warning)], _root.Check().Select(f => (f.File!, f.Severity)));

        // A machine that an agent has provisioned since is no clean one.
        _root.Write("/var/lib/waagent/waagent_status.json", "x");
        Directory.SetLastWriteTimeUtc(_root["/var/lib/waagent"], new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        Assert.All(_root.Check().Where(f => f.RuleId == "Logs"), f => Assert.Equal(Severity.Warning, f.Severity));
    }

    [Fact]
    public void A_machine_id_that_a_customizer_emptied_early_does_not_excuse_what_came_later()
    {
        File.SetLastWriteTimeUtc(_root["/etc/machine-id"], new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        _root.Write("/tmp/secret.env", "x");
        Assert.Equal([("TempFiles", Severity.Warning)], _root.Check().Select(f => (f.RuleId, f.Severity)));
    }

    [Fact]
    public void Where_nothing_makes_new_ones_host_keys_and_network_files_are_only_told()
    {
        _root.Delete("/usr/bin/cloud-init");
        _root.Write("/etc/ssh/ssh_host_rsa_key", "x");
        _root.Write("/etc/netplan/50-cloud-init.yaml", "x");
        Assert.All(_root.Check(), f => Assert.Equal(Severity.Information, f.Severity));

        _root.Write("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=y\n");
        Assert.Equal([("SshHostKeys", Severity.Error), ("CloudInitNetworkFiles", Severity.Information)], _root.Check().Select(f => (f.RuleId, f.Severity)));
    }

    [Fact]
    public void A_cloud_init_that_may_not_configure_the_network_writes_no_new_network_files()
    {
        _root.Write("/etc/netplan/50-cloud-init.yaml", "x");
        _root.Write("/etc/cloud/cloud.cfg.d/99-off.cfg", "network: {config: disabled}\n");
        Assert.Equal(Severity.Information, Assert.Single(_root.Check()).Severity);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_user_that_ovf_env_xml_names_is_found_everywhere_and_may_be_kept(bool keepUser)
    {
        _root.Write("/var/lib/waagent/ovf-env.xml", Ovf);
        SeedUser();
        var findings = _root.Check(new() { KeepUser = keepUser }).Where(f => f.RuleId.StartsWith("User", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["UserAccount /etc/passwd:2", "UserCrontab /var/spool/cron/crontabs/packer:", "UserHome /home/packer:", "UserMail /var/mail/packer:", "UserSubordinateIds /etc/subgid:1", "UserSubordinateIds /etc/subuid:2", "UserSudoRules /etc/sudoers.d/own:2", "UserSudoRules /etc/sudoers:1"],
            findings.Select(f => $"{f.RuleId} {f.File}:{f.Line}").Order(StringComparer.Ordinal));
        Assert.All(findings, f => Assert.Equal(keepUser, f.Severity == Severity.Information));
    }

    [Fact]
    public void Without_ovf_env_xml_the_users_of_cloud_inits_rules_are_meant_also_when_they_are_gone()
    {
        SeedUser();
        _root.Write("/etc/sudoers.d/90-cloud-init-users", "# User rules for packer\npacker ALL=(ALL) NOPASSWD:ALL\nlogin ALL=(ALL) ALL\nghost ALL=(ALL) ALL\n");
        _root.Write("/var/spool/cron/crontabs/ghost", "x");
        Assert.Equal("packer", Assert.Single(_root.Check(), f => f.RuleId == "UserAccount").Message.Split(':')[0]);
        Assert.Contains(_root.Check(), f => f.RuleId == "UserCrontab" && f.File == "/var/spool/cron/crontabs/ghost");
    }

    [Fact]
    public void A_rule_of_the_agent_for_a_user_of_the_image_is_the_images_own()
    {
        SeedUser();
        _root.Write("/etc/sudoers.d/waagent", "packer ALL=(ALL) ALL\n# Rules\nghost ALL=(ALL) ALL\n");
        Assert.Equal("ghost", Assert.Single(_root.Check(), f => f.RuleId == "AgentSudoRules").Message.Split(':')[0]);
        Assert.Equal(["packer", "ghost"], _root.Check(new() { Users = ["packer"] }).Where(f => f.RuleId == "AgentSudoRules").Select(f => f.Message.Split(':')[0]));
    }

    [Fact]
    public void Where_nothing_names_a_user_accounts_are_only_told()
    {
        SeedUser();
        _root.Write("/home/packer/.ssh/authorized_keys", "x");
        Assert.Equal([("OtherUser", Severity.Information), ("OtherUserKeys", Severity.Information)], _root.Check().Where(f => f.RuleId != "Histories").Select(f => (f.RuleId, f.Severity)));
    }

    [Fact]
    public void A_user_that_is_asked_about_is_looked_for_even_without_an_account()
    {
        _root.Write("/home/builder/x", "x");
        Assert.Equal("/home/builder", Assert.Single(_root.Check(new() { Users = ["builder", "nobody-else"] })).File);
    }

    [Fact]
    public void A_home_that_belongs_to_somebody_else_by_now_is_not_the_users()
    {
        _root.Write("/etc/passwd", Passwd + "heir:x:1002:1002::/home/builder:/bin/sh\n");
        _root.AddFolder("/home/builder");
        Assert.DoesNotContain(_root.Check(new() { Users = ["builder"] }), f => f.RuleId == "UserHome");
    }

    [Fact]
    public void Histories_and_logins_are_looked_for_where_people_log_in()
    {
        _root.Write("/etc/passwd", Passwd + "svc:x:300:300::/srv/daemon:/usr/sbin/nologin\napp:x:1001:1001::/home/app:/usr/sbin/nologin\n");
        foreach (var home in (string[])["/srv/daemon", "/srv/login", "/home/app"])
        {
            _root.Write(home + "/.bash_history", "x");
            _root.Write(home + "/.netrc", "x");
            _root.Write(home + "/.ssh/id_ed25519", "x");
        }
        Assert.Equal(["/srv/login/.ssh/id_ed25519", "/home/app/.ssh/id_ed25519", "/srv/login/.netrc", "/home/app/.netrc", "/srv/login/.bash_history", "/home/app/.bash_history"], _root.Check().Where(f => f.RuleId is "Histories" or "UserCredentials" or "UserSshKeys").Select(f => f.File!));
    }

    private void Seed(string path, string text)
    {
        _root.Write(path, text);
        if (path == "/etc/ssh/keys/host_ed25519")
        {
            _root.Write("/etc/ssh/sshd_config", $"HostKey /etc/ssh/ssh_host_rsa_key\nHostKey {path}\nHostKey /missing\n");
        }
        // The image was not cleaned when the residue came.
        File.SetLastWriteTimeUtc(_root[path], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private void SeedUser()
    {
        _root.Write("/etc/passwd", Passwd);
        _root.Write("/etc/subuid", "app:1:1\npacker:2:2\n");
        _root.Write("/etc/subgid", "packer:2:2\n");
        _root.Write("/etc/sudoers", "packer ALL=(ALL) ALL\npackeradmin ALL=(ALL) ALL\n");
        _root.Write("/etc/sudoers.d/own", "app ALL=(ALL) ALL\npacker\tALL=(ALL) ALL\n");
        _root.Write("/home/packer/.bash_history", "x");
        _root.Write("/var/mail/packer", "x");
        _root.Link("/var/spool/mail", "../mail");
        _root.Write("/var/spool/cron/crontabs/packer", "x");
    }
}
