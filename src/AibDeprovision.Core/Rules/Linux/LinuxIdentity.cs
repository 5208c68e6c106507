using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Linux;

/// <summary>The identity of a Linux machine in files that every machine has.</summary>
internal sealed class LinuxIdentity(LinuxTree tree, FirstBoot firstBoot, ResidueReport report)
{
    private const string MachineIdPath = "/etc/machine-id";
    private const string ResolvConfPath = "/etc/resolv.conf";

    private static readonly ResidueRule MachineId = new("MachineId", "The machine-id is left", Severity.Error,
        "The machine-id is left: all VMs from the image would have the same, and with it the same DHCP identity and journal.",
        "Empty /etc/machine-id in the last step of the build: the next boot makes a new one.") { KeptBy = ResidueKinds.MachineId, What = "every VM would have the same one", Cleaning = ResidueCleaning.Otherwise };

    private static readonly ResidueRule MachineIdCopy = new("MachineIdCopy", "D-Bus's copy of the machine-id is left", Severity.Error,
        "The copy of the machine-id that D-Bus keeps is left: all VMs from the image would have the same.",
        "Remove it in the last step of the build, or make it a link to /etc/machine-id.") { KeptBy = ResidueKinds.MachineId, What = "the copy of machine-id" };

    private static readonly ResidueRule RootPassword = new("RootPassword", "Root's password is not locked", Severity.Error,
        "Root's password is not locked: it is the same on every VM made from the image.", "Run 'passwd -l root', or set Provisioning.DeleteRootPassword=y in waagent.conf before waagent deprovisions.") { What = "root's password is not locked", Cleaning = ResidueCleaning.Otherwise };

    private static readonly ResidueRule HostName = new("HostName", "The host name of the build VM is left", Severity.Warning,
        "The host name of the build VM is left: VMs from the image have it until they are given their own.", "Run waagent -deprovision+user, which sets localhost.localdomain, or empty /etc/hostname.") { Cleaning = ResidueCleaning.Told };

    private static readonly ResidueRule HostsLine = new("HostsLine", "The host name of the build VM is in /etc/hosts", Severity.Warning,
        "The line 127.0.1.1 has the host name of the build VM.", "Remove the line.") { KeptBy = ResidueKinds.CloudInit, What = "the line 127.0.1.1", Cleaning = ResidueCleaning.DropLine };

    private static readonly ResidueRule FstabLines = new("CloudInitFstabLines", "cloud-init's lines in fstab are left", Severity.Warning,
        "A line that cloud-init wrote into /etc/fstab is left; it names a disk of the build VM.", "Remove the line; cloud-init writes its own at the first boot.") { KeptBy = ResidueKinds.CloudInit, What = "lines of cloud-init", Cleaning = ResidueCleaning.DropLine, MadeAnewBy = FirstBootMaker.CloudInit };

    private static readonly ResidueRule HardwareAddress = new("HardwareAddress", "An interface is bound to a MAC address", Severity.Warning,
        "The file of a network interface is bound to the build VM's MAC address: another VM would not use it.", "Remove the line HWADDR.") { What = "the line HWADDR", Cleaning = ResidueCleaning.DropLine };

    private static readonly ResidueRule ResolvLink = new("ResolvLinkLost", "Name resolution is cut off", Severity.Warning,
        "There is no resolv.conf although systemd-resolved is enabled: a VM from the image may have no name resolution.",
        "Make it a link to /run/systemd/resolve/stub-resolv.conf again; waagent removes the link on some distributions, and the hardened script restores it.", Certainty.Likely) { Cleaning = ResidueCleaning.Told };

    // What makes host keys makes them where sshd has them by default.
    private static readonly ResidueRule OtherHostKeys = new("OtherSshHostKeys", "SSH host keys at a path of their own are left", Severity.Warning,
        "An SSH host key at a path of its own is left: all VMs from the image would have the same, and each could pose as any other. Nothing makes such a key anew, and without any sshd does not start.",
        "Take HostKey out of sshd_config and remove the key in the build, or have a unit of your own make it at the first boot.", Certainty.Likely) { Cleaning = ResidueCleaning.Told };

    // waagent leaves it on Ubuntu and removes it elsewhere, and what manages it writes it again at every boot.
    private static readonly ResidueRule ResolvConf = new("ResolvConf", "Name servers of the build VM are left", Severity.Information,
        "The name servers of the build VM are written in it; whatever manages the network replaces them at the next boot.", "");

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<ResidueRule> Rules { get; } = [MachineId, MachineIdCopy, RootPassword, HostName, HostsLine, FstabLines, HardwareAddress, ResolvLink, ResolvConf, OtherHostKeys];

    /// <summary>
    /// When waagent deprovisioned the machine: it empties its folder then, and an agent that provisions fills it again. What
    /// services have written since is not of the build. Null where the folder is not empty, or not there.
    /// </summary>
    public static DateTimeOffset? CleanedAt(LinuxTree tree) =>
        tree.Follow("/var/lib/waagent") is { } place && tree.FileAt(place) is { Kind: MachineFileKind.Folder } folder && !tree.Find(place, "*").Any() ? folder.Modified : null;

    /// <summary>Whether nobody can log in as root with a password. Only the first character of its hash is looked at.</summary>
    public static bool IsRootLocked(LinuxTree tree) => tree.ReadText("/etc/shadow") is not { } shadow || shadow.Split('\n').Any(line =>
        line.StartsWith("root:!", StringComparison.Ordinal) || line.StartsWith("root:*", StringComparison.Ordinal));

    /// <summary>Looks.</summary>
    public void Check()
    {
        CheckMachineIds();
        if (!IsRootLocked(tree))
        {
            report.Add(RootPassword, "/etc/shadow");
        }
        if (tree.LinesOf("/etc/hostname").FirstOrDefault(line => line.Text.Trim() is { Length: > 0 } text && text[0] != '#') is { Text: { } name, Number: var at }
            && name.Trim() is not ("localhost" or "localhost.localdomain" or "(none)"))
        {
            report.Add(HostName, "/etc/hostname", at);
        }
        foreach (var (number, text) in tree.LinesOf("/etc/hosts"))
        {
            if (text.StartsWith("127.0.1.1 ", StringComparison.Ordinal) || text.StartsWith("127.0.1.1\t", StringComparison.Ordinal))
            {
                report.Add(HostsLine, "/etc/hosts", number);
            }
        }
        CheckLines(FstabLines, "/etc/fstab", line => line.Length > 0 && line[0] != '#' && line.Contains("comment=cloudconfig"));
        foreach (var path in tree.Find("/etc/sysconfig/network-scripts/ifcfg-*"))
        {
            CheckLines(HardwareAddress, path, line => line.StartsWith("HWADDR=", StringComparison.Ordinal));
        }
        CheckResolvConf();
        CheckOtherHostKeys();
    }

    private void CheckOtherHostKeys()
    {
        foreach (var setting in new SshdSettings(tree).Of("HostKey"))
        {
            var isUsual = LinuxPath.FolderOf(setting.Value) == "/etc/ssh" && NamePattern.IsMatch(setting.Value, "/etc/ssh/ssh_host_*key*");
            if (!isUsual && setting.Value.StartsWith("/", StringComparison.Ordinal) && tree.Exists(setting.Value))
            {
                report.Claim(OtherHostKeys, setting.Value);
            }
        }
    }

    private void CheckLines(ResidueRule rule, string path, Func<string, bool> isResidue)
    {
        foreach (var (number, text) in tree.LinesOf(path).Where(line => isResidue(line.Text)))
        {
            report.Add(rule, path, number, onlyTold: rule.MadeAnewBy is { } maker && !firstBoot.Makes(maker) ? LinuxResidue.HasToStay : null);
        }
    }

    private void CheckMachineIds()
    {
        if (IsOfThisMachine(MachineIdPath))
        {
            report.Add(MachineId, MachineIdPath);
        }
        // A link to the other one goes with it.
        foreach (var copy in tree.Find("/var/lib/dbus/machine-id"))
        {
            if (tree.FileAt(copy) is { Kind: MachineFileKind.File } && IsOfThisMachine(copy))
            {
                report.Add(MachineIdCopy, copy);
            }
        }
    }

    // Empty, or the word that systemd has for "not yet", is as it should be; opened only where it could be that word.
    private bool IsOfThisMachine(string path) =>
        tree.Follow(path) is { } place && tree.FileAt(place) is { Kind: MachineFileKind.File, Size: > 0 } file
        && !(file.Size is 13 or 14 && tree.ReadText(path)?.Trim() == "uninitialized");

    private void CheckResolvConf()
    {
        if (!tree.Find(ResolvConfPath).Any())
        {
            string[] units =
            [
                "/etc/systemd/system/multi-user.target.wants/systemd-resolved.service", "/etc/systemd/system/sysinit.target.wants/systemd-resolved.service",
                "/etc/systemd/system/dbus-org.freedesktop.resolve1.service",
            ];
            if (units.Any(unit => tree.Find(unit).Any()))
            {
                report.Add(ResolvLink, ResolvConfPath);
            }
        }
        else if (tree.Find(ResolvConfPath).Select(tree.FileAt).First() is { Kind: MachineFileKind.File, Size: > 0 })
        {
            report.Add(ResolvConf, ResolvConfPath);
        }
    }
}
