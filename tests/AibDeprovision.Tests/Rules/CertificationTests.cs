using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Tests.Rules;

/// <summary>What Marketplace certification and LISA look at, besides residue.</summary>
public sealed class CertificationTests : IDisposable
{
    private readonly LinuxRoot _root = new();

    // An image that passes, to be spoiled.
    public CertificationTests()
    {
        _root.Write("/etc/ssh/sshd_config", "ClientAliveInterval 180\n");
        _root.Write("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"console=tty1 console=ttyS0,115200n8\"\n");
        _root.Write("/usr/sbin/waagent", "#!/usr/bin/python3\n");
        _root.Write("/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py", "# Current Agent Version = 1.0\nAGENT_VERSION = '2.7.3.0'\n");
        _root.Write("/etc/fstab", "UUID=1 / ext4 defaults 0 1\n# /swapfile none swap sw 0 0\n");
        _root.Write("/etc/shadow", "root:*:1::::::\ndaemon:*:1::::::\nsvc:!$6$x$y:1::::::\n");
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void An_image_that_has_all_of_it_passes_and_nothing_of_it_is_looked_at_unless_that_is_asked_for()
    {
        Assert.Empty(Check());
        foreach (var (path, text) in new[] { ("/etc/ssh/sshd_config", ""), ("/etc/default/grub", ""), ("/etc/fstab", "/swapfile none swap sw 0 0\n") })
        {
            _root.Write(path, text);
        }
        Assert.Empty(LinuxResidue.Check(_root.Files, new GeneralizationPolicy(), TestContext.Current.CancellationToken));
        Assert.Equal(["SwapOnOsDisk", "ClientAliveInterval", "SerialConsole"], Check().Select(f => f.RuleId));
    }

    [Theory]
    [InlineData("/swapfile none swap sw 0 0", true)]
    [InlineData("UUID=2\tnone\tswap\tdefaults\t0 0", true)]
    [InlineData("/dev/mapper/rootvg-swap swap swap defaults 0 0", true)]
    [InlineData("/swapfile none swap sw,noauto 0 0", false)]
    [InlineData("/mnt/swapfile none swap sw 0 0", false)]
    [InlineData("/mnt/resource/swapfile none swap sw 0 0", false)]
    [InlineData("/dev/disk/azure/resource-part2 none swap sw 0 0", false)]
    [InlineData("/dev/zram0 none swap defaults 0 0", false)]
    [InlineData("#/swapfile none swap sw 0 0", false)]
    public void Swap_is_refused_where_it_is_on_the_OS_disk(string line, bool isRefused)
    {
        _root.Write("/etc/fstab", "UUID=1 / ext4 defaults 0 1\n" + line + "\n");
        Assert.Equal(isRefused ? [("SwapOnOsDisk", "/etc/fstab", 2)] : [], Check().Select(f => (f.RuleId, f.File, f.Line ?? 0)));
    }

    [Fact]
    public void Swap_of_a_unit_and_swap_that_is_on_count_too()
    {
        _root.Write("/etc/systemd/system/swapfile.swap", "[Swap]\nWhat=/swapfile\n");
        _root.Write("/etc/systemd/system/mnt-swapfile.swap", "[Swap]\nWhat=/mnt/swapfile\n");
        _root.Write("/proc/swaps", "Filename\t\t\t\tType\t\tSize\n/dev/sda3                               partition\t1\n/mnt/swapfile                               file\t1\n");
        Assert.Equal(["/proc/swaps", "/etc/systemd/system/swapfile.swap"], Check().Select(f => f.File));
    }

    [Theory]
    [InlineData("ClientAliveInterval 235", true)]
    [InlineData("clientaliveinterval=1", true)]
    [InlineData("ClientAliveInterval \"3m\"", true)]
    [InlineData("  ClientAliveInterval 120 # as Azure asks for", true)]
    [InlineData("ClientAliveInterval 120\nClientAliveInterval 0", true)]
    [InlineData("ClientAliveInterval 0\nClientAliveInterval 120", false)]
    [InlineData("ClientAliveInterval 236", false)]
    [InlineData("ClientAliveInterval 1h", false)]
    [InlineData("ClientAliveInterval soon", false)]
    [InlineData("#ClientAliveInterval 120", false)]
    [InlineData("Match User x\n  ClientAliveInterval 120", false)]
    [InlineData("", false)]
    public void The_interval_is_the_one_that_sshd_takes(string text, bool passes)
    {
        _root.Write("/etc/ssh/sshd_config", text + "\n");
        Assert.Equal(passes ? [] : ["ClientAliveInterval"], Check().Select(f => f.RuleId));
    }

    [Fact]
    public void What_sshd_includes_counts_where_it_is_included()
    {
        _root.Write("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nClientAliveInterval 180\n");
        _root.Write("/etc/ssh/sshd_config.d/10-own.conf", "Match User x\nClientAliveInterval 7\n");
        Assert.Empty(Check());
        _root.Write("/etc/ssh/sshd_config.d/20-own.conf", "\nClientAliveInterval 900\n");
        Assert.Equal(("ClientAliveInterval", "/etc/ssh/sshd_config.d/20-own.conf", 2), Assert.Single(Check()) is var f ? (f.RuleId, f.File, f.Line) : default);
        // Round and round it goes to an end.
        _root.Write("/etc/ssh/sshd_config.d/10-own.conf", "Include sshd_config.d/10-own.conf\nClientAliveInterval 7\n");
        Assert.Empty(Check());
    }

    [Fact]
    public void Without_sshd_there_is_nothing_to_set()
    {
        File.Delete(_root["/etc/ssh/sshd_config"]);
        Assert.Empty(Check());
        _root.Write("/usr/etc/ssh/sshd_config", "");
        Assert.Equal("ClientAliveInterval", Assert.Single(Check()).RuleId);
    }

    [Theory]
    [InlineData("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n#console=ttyS0\n", false)]
    [InlineData("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"console=ttyAMA0\"\n", true)]
    [InlineData("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"console=ttyS01\"\n", false)]
    [InlineData("/boot/grub2/grubenv", "kernelopts=root=UUID=1 console=ttyS0\n", true)]
    [InlineData("/boot/loader/entries/1.conf", "options root=UUID=1 console=ttyS0,115200\n", true)]
    public void The_kernel_is_told_of_the_serial_console_in_any_of_the_usual_places(string path, string text, bool passes)
    {
        _root.Write("/etc/default/grub", "GRUB_TIMEOUT=1\n");
        _root.Write(path, text);
        Assert.Equal(passes ? [] : ["SerialConsole"], Check().Select(f => f.RuleId));
    }

    [Fact]
    public void Where_nothing_of_a_boot_loader_is_to_be_seen_nobody_says_that_all_is_well()
    {
        File.Delete(_root["/etc/default/grub"]);
        Assert.Equal(("NotLookedAt", "/boot"), Assert.Single(Check()) is var f ? (f.RuleId, f.File) : default);
    }

    [Theory]
    [InlineData("AGENT_VERSION = '2.2.53.1'", null)]
    [InlineData("AGENT_VERSION = \"2.15.0.1\"", null)]
    [InlineData("AGENT_VERSION = '2.2.53'", "AgentVersion")]
    [InlineData("AGENT_VERSION = '2.2.49.2'", "AgentVersion")]
    [InlineData("AGENT_VERSION = get_version()", "NotLookedAt")]
    public void An_agent_is_as_old_as_its_package_says(string line, string? rule)
    {
        _root.Write("/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py", line + "\n");
        Assert.Equal(rule is null ? [] : [rule], Check().Select(f => f.RuleId));
    }

    [Fact]
    public void An_agent_may_be_an_egg_and_no_agent_is_too_few()
    {
        Directory.Delete(_root["/usr/lib/python3"], recursive: true);
        _root.Write("/usr/lib/python3.9/site-packages/WALinuxAgent-2.9.1.1-py3.9.egg/azurelinuxagent/common/version.py", "AGENT_VERSION = '2.9.1.1'\n");
        Assert.Empty(Check());
        Directory.Delete(_root["/usr/lib/python3.9"], recursive: true);
        File.Delete(_root["/usr/sbin/waagent"]);
        Assert.Equal("AgentVersion", Assert.Single(Check()).RuleId);
    }

    [Fact]
    public void Accounts_with_a_password_or_keys_are_named_and_no_hash_is_shown()
    {
        _root.Write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nappsvc:x:1001:1001::/home/appsvc:/bin/sh\n");
        _root.Write("/etc/shadow", "root:*:1::::::\nappsvc:$6$secret$hash:1::::::\nopen::1::::::\n");
        _root.Write("/home/appsvc/.ssh/authorized_keys", "ssh-ed25519 AAAA\n");
        var findings = Check();
        Assert.Equal(["OtherUser Information", "OtherUserKeys Warning", "PasswordLogin Warning", "PasswordLogin Warning"], findings.Select(f => $"{f.RuleId} {f.Severity}"));
        Assert.StartsWith("appsvc: this account can log in with a password", findings[2].Message, StringComparison.Ordinal);
        Assert.Equal(("/etc/shadow", 2), (findings[2].File, findings[2].Line));
        Assert.EndsWith("Certification refuses it.", findings[1].Message, StringComparison.Ordinal);
        Assert.All(findings, f => Assert.DoesNotContain("secret", f.ToString() + f.Evidence, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_kept_is_refused_all_the_same_where_certification_looks_at_it()
    {
        _root.Write("/root/.bash_history", "x");
        _root.Write("/root/.ssh/authorized_keys", "x");
        _root.Write("/root/.ssh/known_hosts", "x");
        var policy = new GeneralizationPolicy { Keep = ResidueKinds.History | ResidueKinds.RootSshKeys };
        Assert.All(LinuxResidue.Check(_root.Files, policy, TestContext.Current.CancellationToken), f => Assert.Equal(Severity.Information, f.Severity));
        Assert.Equal(["RootSshKeys Error", "RootKnownHosts Information", "Histories Warning"], Check(policy).Select(f => $"{f.RuleId} {f.Severity}"));
    }

    [Fact]
    public void The_generator_of_network_names_is_refused_unless_it_is_switched_off()
    {
        _root.Write("/usr/lib/udev/rules.d/75-persistent-net-generator.rules", "x");
        Assert.Equal("PersistentNameGenerator", Assert.Single(Check()).RuleId);
        _root.Write("/etc/udev/rules.d/75-persistent-net-generator.rules", "");
        Assert.Empty(Check());
    }

    [Fact]
    public void Every_rule_can_be_broken()
    {
        _root.Write("/etc/fstab", "/swapfile none swap sw 0 0\n");
        _root.Write("/etc/ssh/sshd_config", "");
        _root.Write("/etc/default/grub", "");
        _root.Write("/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py", "AGENT_VERSION = '2.0.0'\n");
        _root.Write("/etc/shadow", "root:*:1::::::\nsvc:$6$x$y:1::::::\n");
        _root.Write("/usr/lib/udev/rules.d/75-persistent-net-generator.rules", "x");
        Assert.Equal(Certification.Rules.Select(rule => rule.Id), Check().Select(f => f.RuleId));
    }

    private IReadOnlyList<Finding> Check(GeneralizationPolicy? policy = null) =>
        LinuxResidue.Check(_root.Files, (policy ?? new GeneralizationPolicy()) with { Certification = true }, TestContext.Current.CancellationToken);
}
