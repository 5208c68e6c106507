using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The next boot, by systemd and the real cloud-init, of a disk that a script has deprovisioned.</summary>
public sealed partial class BedBootTests
{
    private const string HostKey = "/etc/ssh/ssh_host_ed25519_key.pub";

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void What_the_hardened_script_leaves_becomes_a_machine_of_its_own(string suite)
    {
        using var machine = BedMachine.Start(suite: suite);
        var oldKey = machine.Read(HostKey)!.Split(' ')[1];
        AssertVerdict(machine.RunScript(Hardened(new())), DeprovisionExitCode.Sealed);

        var boot = machine.Boot();

        Assert.True(boot.ExitCode == 0, boot.ToString());
        AssertProvisioned(machine);
        Assert.Matches(MachineId(), machine.Read("/etc/machine-id"));
        Assert.NotEqual(BedMachine.MachineId, machine.Read("/etc/machine-id"));
        Assert.NotEqual(oldKey, machine.Read(HostKey)!.Split(' ')[1]);
        Assert.Equal("new-vm", machine.Sh("ls /var/lib/cloud/instances"));
        Assert.Equal("new-vm", machine.Read("/etc/hostname"));
        // Its own network files too: the script may only remove them where cloud-init writes them again.
        var network = machine.Read("/etc/netplan/50-cloud-init.yaml")!;
        Assert.Contains("host0", network, StringComparison.Ordinal);
        Assert.DoesNotContain("00:0d:3a:aa:bb:cc", network, StringComparison.OrdinalIgnoreCase);
        var accounts = machine.Sh("cat /etc/passwd /etc/shadow /etc/group /etc/sudoers.d/*");
        Assert.Contains("azureuser ALL=(ALL) NOPASSWD:ALL", accounts, StringComparison.Ordinal);
        Assert.DoesNotContain("packer:", accounts, StringComparison.Ordinal);
        Assert.DoesNotContain("packer ALL", accounts, StringComparison.Ordinal);
    }

    /// <summary>Why the script does more than the default.</summary>
    [Fact]
    public void What_the_documented_default_leaves_still_is_the_build_VM_in_part()
    {
        using var machine = BedMachine.Start();
        Assert.Equal(0, machine.RunScript(Generic("linux-2")).ExitCode);

        var boot = machine.Boot();

        Assert.True(boot.ExitCode == 0, boot.ToString());
        AssertProvisioned(machine);
        Assert.Equal(BedMachine.MachineId, machine.Read("/etc/machine-id"));
        // Whoever is called packer on one of the new machines is root.
        Assert.Contains("packer ALL=(ALL) NOPASSWD:ALL", machine.Read("/etc/sudoers.d/90-cloud-init-users"), StringComparison.Ordinal);
    }

    [GeneratedRegex("^[0-9a-f]{32}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MachineId();

    /// <summary>cloud-init has come to its end on the new machine, without errors.</summary>
    private static void AssertProvisioned(BedMachine machine)
    {
        Assert.Equal("new-vm", machine.Read("/var/lib/cloud/data/instance-id"));
        var result = machine.Read("/var/lib/cloud/data/result.json")!;
        Assert.Contains("DataSourceNoCloud", result, StringComparison.Ordinal);
        Assert.True(result.Contains("\"errors\": []", StringComparison.Ordinal), result);
        Assert.Contains("azureuser:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
    }
}
