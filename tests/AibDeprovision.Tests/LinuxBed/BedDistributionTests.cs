using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedDeprovision;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>
/// The hardened script and Invoke-AibDeprovision where the agent takes the machine for another distribution, by /etc/os-release. It shows what the
/// agent's own handlers do; the programs remain Debian's.
/// </summary>
public sealed class BedDistributionTests
{
    private const string ResolvedLink = "ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf";

    [Theory]
    [InlineData(BedWay.Script, "ubuntu", "debian", "22.04")]
    [InlineData(BedWay.Cmdlet, "ubuntu", "debian", "22.04")]
    [InlineData(BedWay.Script, "ubuntu", "debian", "24.04")]
    [InlineData(BedWay.Cmdlet, "ubuntu", "debian", "24.04")]
    [InlineData(BedWay.Script, "rhel", "fedora", "8.10")]
    [InlineData(BedWay.Cmdlet, "rhel", "fedora", "8.10")]
    [InlineData(BedWay.Script, "rhel", "fedora", "9.4")]
    [InlineData(BedWay.Cmdlet, "rhel", "fedora", "9.4")]
    [InlineData(BedWay.Script, "almalinux", "rhel centos fedora", "9.4")]
    [InlineData(BedWay.Cmdlet, "almalinux", "rhel centos fedora", "9.4")]
    [InlineData(BedWay.Script, "sles", "suse", "15.6")]
    [InlineData(BedWay.Cmdlet, "sles", "suse", "15.6")]
    [InlineData(BedWay.Script, "mariner", "", "2.0")]
    [InlineData(BedWay.Cmdlet, "mariner", "", "2.0")]
    [InlineData(BedWay.Script, "azurelinux", "", "3.0")]
    [InlineData(BedWay.Cmdlet, "azurelinux", "", "3.0")]
    [InlineData(BedWay.Script, "arch", "", "rolling")]
    [InlineData(BedWay.Cmdlet, "arch", "", "rolling")]
    [InlineData(BedWay.Script, "flatcar", "coreos", "4081.2.0")]
    [InlineData(BedWay.Cmdlet, "flatcar", "coreos", "4081.2.0")]
    public void A_machine_of_any_distribution_is_sealed(BedWay way, string id, string like, string version)
    {
        using var machine = BedModule.Start(OsRelease(id, like, version) + ResolvedLink);

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, $"start: {id}-{version}; /usr/sbin/waagent");
        Assert.DoesNotContain("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
        Assert.StartsWith("root:*", machine.Read("/etc/shadow"), StringComparison.Ordinal);
        Assert.Equal("", machine.Sh("ls -A /var/lib/waagent; ls /etc/ssh/ssh_host_* 2>/dev/null || :"));
        // Without it the next machine may have no name resolution; waagent removes it, except on Ubuntu.
        Assert.Equal("../run/systemd/resolve/stub-resolv.conf", machine.Sh("readlink /etc/resolv.conf"));
        // What waagent was lent is not left behind.
        Assert.False(machine.Exists("/etc/sysconfig"));
    }

    [Theory]
    [InlineData(BedWay.Script, "rhel", "fedora", "/etc/sysconfig/network-scripts/ifcfg-eth0")]
    [InlineData(BedWay.Cmdlet, "rhel", "fedora", "/etc/sysconfig/network-scripts/ifcfg-eth0")]
    [InlineData(BedWay.Script, "sles", "suse", "/etc/sysconfig/network/dhcp")]
    [InlineData(BedWay.Cmdlet, "sles", "suse", "/etc/sysconfig/network/dhcp")]
    public void A_file_without_which_the_agent_gives_up_is_lent_to_it(BedWay way, string id, string like, string path)
    {
        using var machine = BedModule.Start(OsRelease(id, like, "9.9"));
        // What would happen otherwise: it comes no further than to the host name.
        var alone = machine.Run(["waagent", "-force", "-deprovision+user"]);
        Assert.Contains("FileNotFoundError", alone.Error, StringComparison.Ordinal);
        Assert.Contains("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "waagent: lent waagent the files that it would miss: " + path);
        Assert.False(machine.Exists(path));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("ip link add 'eth*' type dummy || ip link add 'eth*' type veth peer name other")]
    public void Where_the_file_is_there_it_stays(string before)
    {
        const string Path = "/etc/sysconfig/network-scripts/ifcfg-eth0";
        using var machine = BedMachine.Start(
            OsRelease("rhel", "fedora", "8.10") + $"mkdir -p /etc/sysconfig/network-scripts; echo DEVICE=eth0 >{Path}\n{before} 2>/dev/null");

        AssertVerdict(machine.RunScript(Hardened(new())), DeprovisionExitCode.Sealed);

        Assert.Equal("DEVICE=eth0\nDHCP_HOSTNAME=localhost.localdomain", machine.Read(Path));
        Assert.Equal("ifcfg-eth0", machine.Sh("ls /etc/sysconfig/network-scripts"));
    }

    [Theory]
    [InlineData("/usr/bin/waagent")]
    [InlineData("/usr/share/oem/bin/waagent")]
    [InlineData("/usr/share/oem/python/bin/waagent")]
    public void The_agent_is_found_wherever_distributions_put_it(string path)
    {
        using var machine = BedMachine.Start($"mkdir -p {path[..path.LastIndexOf('/')]}; mv /usr/sbin/waagent {path}");

        var run = machine.RunScript(Hardened(new()));

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, $"; {path}, WALinuxAgent-");
    }

    [Theory]
    [MemberData(nameof(Ways), MemberType = typeof(BedDeprovision))]
    public void An_agent_whose_interpreter_is_elsewhere_is_run_by_the_Python_that_is_there(BedWay way)
    {
        using var machine = BedModule.Start("""
            mkdir -p /usr/share/oem/bin
            mv /usr/sbin/waagent /usr/share/oem/bin/waagent
            sed -i '1s,.*,#!/usr/share/oem/python/bin/python3.99,' /usr/share/oem/bin/waagent
            """);

        var run = Deprovision(machine, way, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "; /usr/share/oem/bin/waagent by python3, WALinuxAgent-");
    }

    private static string OsRelease(string id, string like, string version) => $"""
        rm /etc/os-release
        printf '%s\n' 'NAME="{id}"' 'ID="{id}"' 'ID_LIKE="{like}"' 'VERSION_ID="{version}"' 'PRETTY_NAME="{id}-{version}"' >/etc/os-release
        # Where the agent looks for it on Flatcar.
        mkdir -p /usr/share/oem
        cp /etc/waagent.conf /usr/share/oem

        """;
}
