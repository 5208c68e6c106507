using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Tests.Rules;

/// <summary>What a VM from an image makes for itself: what would really run, and not what is only there.</summary>
public sealed class FirstBootTests : IDisposable
{
    private const string Unit = "[Service]\nExecStart=/usr/bin/ssh-keygen -A\n";
    private const string Wants = "/etc/systemd/system/multi-user.target.wants/";

    private readonly LinuxRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_cloud_init_that_runs_makes_both() => Expect(hostKeys: true, network: true);

    [Theory]
    [InlineData("/etc/cloud/cloud-init.disabled", "")]
    [InlineData("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet cloud-init=disabled\"\n")]
    [InlineData("/etc/systemd/system/cloud-init-local.service", "")]
    public void One_that_is_disabled_or_masked_makes_none(string path, string text)
    {
        _root.Write(path, text);
        Expect(hostKeys: false, network: false);
    }

    [Fact]
    public void One_whose_units_nobody_wants_does_not_run()
    {
        _root.Write("/usr/lib/systemd/system/cloud-init-local.service", Unit);
        Expect(hostKeys: false, network: false);
        _root.Link("/etc/systemd/system/cloud-init.target.wants/cloud-init-local.service", "/usr/lib/systemd/system/cloud-init-local.service");
        Expect(hostKeys: true, network: true);
        _root.Link("/etc/systemd/system/cloud-init.service", "/dev/null");
        Expect(hostKeys: false, network: false);
    }

    [Theory]
    [InlineData("/etc/cloud/cloud.cfg.d/99.cfg", "network: {config: disabled}\n")]
    [InlineData("/etc/cloud/cloud.cfg.d/99.cfg", "network: {config: \"disabled\"}\n")]
    [InlineData("/etc/cloud/cloud.cfg", "network:\n  config: 'disabled'\n")]
    [InlineData("/etc/cloud/cloud.cfg", "{\"network\": {\"config\" : \"disabled\"}}\n")]
    [InlineData("/boot/loader/entries/1.conf", "options ro network-config=disabled\n")]
    public void One_that_may_not_configure_the_network_makes_only_keys(string path, string text)
    {
        _root.Write(path, text);
        Expect(hostKeys: true, network: false);
    }

    [Theory]
    [InlineData(true, "sshd-keygen.service", Unit, "sshd-keygen.service")]
    [InlineData(true, "sshd-keygen@.service", Unit, "sshd-keygen@rsa.service")]
    [InlineData(false, "sshd-keygen.service", Unit, "")]
    [InlineData(false, "sshd-keygen.service", "[Unit]\nConditionFirstBoot=yes\n" + Unit, "sshd-keygen.service")]
    [InlineData(false, "sshd-keygen@.service.d/cloud.conf", "[Unit]\n", "")]
    public void A_unit_of_systemd_counts_where_it_would_run(bool makes, string unit, string text, string wanted)
    {
        WithoutCloudInit();
        _root.Write("/usr/lib/systemd/system/" + unit, text);
        if (wanted.Length > 0)
        {
            _root.Link(Wants + wanted, "/usr/lib/systemd/system/" + unit);
        }
        Expect(makes, network: false);
    }

    [Fact]
    public void A_unit_that_sshd_wants_would_run_unless_it_is_masked()
    {
        WithoutCloudInit();
        _root.Write("/usr/lib/systemd/system/sshd-keygen@.service", Unit);
        _root.Write("/usr/lib/systemd/system/sshd-keygen.target", "[Unit]\nWants=sshd-keygen@rsa.service\nWants=sshd-keygen@ed25519.service\n");
        Expect(hostKeys: true, network: false);
        _root.Link("/etc/systemd/system/sshd-keygen.target", "/dev/null");
        Expect(hostKeys: false, network: false);
    }

    [Fact]
    public void A_unit_that_leaves_the_keys_to_a_masked_cloud_init_makes_none()
    {
        _root.Link("/etc/systemd/system/cloud-init.service", "/dev/null");
        _root.Write("/usr/lib/systemd/system/sshd-keygen@.service", Unit);
        _root.Write("/usr/lib/systemd/system/sshd-keygen@.service.d/cloud.conf", "[Unit]\nConditionPathExists=!/run/systemd/generator.early/multi-user.target.wants/cloud-init.target\n");
        _root.Link(Wants + "sshd-keygen@rsa.service", "/usr/lib/systemd/system/sshd-keygen@.service");
        Expect(hostKeys: false, network: false);
    }

    private void WithoutCloudInit() => _root.Delete("/usr/bin/cloud-init");

    private void Expect(bool hostKeys, bool network)
    {
        var first = new FirstBoot(new LinuxTree(_root.Files));
        Assert.Equal((hostKeys, network), (first.HostKeys, first.NetworkFiles));
    }
}
