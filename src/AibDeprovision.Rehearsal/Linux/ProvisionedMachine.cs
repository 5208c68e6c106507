using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rehearsal.Linux.Stubs;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Rehearsal.Linux;

/// <summary>
/// A Linux build VM of Azure at the end of a build, in all that deprovisioning is about: Debian, provisioned by cloud-init,
/// with the user packer, and traces of the build in the places where builds leave them.
/// </summary>
internal static class ProvisionedMachine
{
    /// <summary>The user that the platform made for the build.</summary>
    public const string User = "packer";

    /// <summary>Where Azure Image Builder has the deprovision script.</summary>
    public const string ScriptPath = "/tmp/DeprovisioningScript.sh";

    /// <summary>The agent's description of the machine, from which it knows the user.</summary>
    public const string OvfPath = "/var/lib/waagent/ovf-env.xml";

    /// <summary>What says that cloud-init has done its work.</summary>
    public const string CloudInitResult = "/run/cloud-init/result.json";

    private const string Trace = "trace of the build\n";

    /// <summary>The stubs, by the place at which the machine has them. Programs of the same name that the host lends give way.</summary>
    private static readonly (string Path, string Stub)[] Programs =
    [
        ("/opt/rehearsal/start", "start"),
        ("/opt/rehearsal/session-lost", "session-lost"),
        ("/opt/rehearsal/taken-as-done", "assumed"),
        ("/usr/bin/sleep", "sleep"),
        ("/usr/bin/timeout", "timeout"),
        ("/usr/bin/date", "date"),
        ("/usr/bin/sudo", "sudo"),
        ("/usr/bin/cloud-init", "cloud-init"),
        ("/usr/bin/systemctl", "systemctl"),
        ("/usr/bin/passwd", "usermod"),
        ("/usr/sbin/service", "service"),
        ("/usr/sbin/waagent", "waagent"),
        ("/usr/sbin/userdel", "userdel"),
        ("/usr/sbin/deluser", "userdel"),
        ("/usr/sbin/usermod", "usermod"),
        ("/usr/sbin/reboot", "reboot"),
        ("/usr/sbin/halt", "reboot"),
        ("/usr/sbin/poweroff", "reboot"),
        ("/usr/sbin/init", "reboot"),
        ("/usr/sbin/shutdown", "shutdown"),
        ("/usr/bin/sync", "nothing"),
        ("/usr/bin/logger", "nothing"),
        ("/usr/bin/journalctl", "nothing"),
        ("/usr/bin/hostnamectl", "nothing"),
        ("/usr/bin/apt", "apt-get"),
        ("/usr/bin/apt-get", "apt-get"),
        ("/usr/bin/fuser", "fuser"),
        ("/usr/bin/lsof", "fuser"),
        ("/usr/bin/at", "at"),
        ("/usr/bin/batch", "at"),
        ("/usr/bin/getent", "getent"),
        ("/usr/sbin/fstrim", "nothing"),
        ("/usr/sbin/ldconfig", "nothing"),
        ("/usr/sbin/swapoff", "nothing"),
    ];

    private static readonly (string Path, string Content)[] Files =
    [
        ("/etc/os-release", "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n"),
        ("/etc/hostname", "build-vm\n"),
        ("/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 build-vm\n"),
        ("/etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
        ("/var/lib/dbus/machine-id", "0123456789abcdef0123456789abcdef\n"),
        ("/etc/resolv.conf", "nameserver 168.63.129.16\n"),
        ("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\nsshd:x:105:65534::/run/sshd:/usr/sbin/nologin\npacker:x:1000:1000::/home/packer:/bin/bash\n"),
        ("/etc/shadow", "root:$y$j9T$salt$hash:20454:0:99999:7:::\ndaemon:*:20454:0:99999:7:::\nsshd:!:20454::::::\npacker:!:20454:0:99999:7:::\n"),
        ("/etc/group", "root:x:0:\ndaemon:x:1:\nsudo:x:27:packer\npacker:x:1000:\n"),
        ("/etc/gshadow", "root:*::\npacker:!::\n"),
        ("/etc/subuid", "packer:100000:65536\n"),
        ("/etc/subgid", "packer:100000:65536\n"),
        ("/etc/passwd-", Trace),
        ("/etc/shadow-", Trace),
        ("/etc/sudoers", "Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n"),
        ("/etc/sudoers.d/90-cloud-init-users", "# User rules for packer\npacker ALL=(ALL) NOPASSWD:ALL\n"),
        ("/etc/sudoers.d/waagent", "packer ALL=(ALL) NOPASSWD: ALL\n"),
        ("/etc/waagent.conf", "Provisioning.Agent=auto\nProvisioning.DeleteRootPassword=y\nProvisioning.RegenerateSshHostKeyPair=y\n"),
        ("/etc/cloud/cloud.cfg", "datasource_list: [ Azure ]\n"),
        ("/etc/ssh/ssh_host_ed25519_key", Trace),
        ("/etc/ssh/ssh_host_ed25519_key.pub", Trace),
        ("/etc/ssh/ssh_host_rsa_key", Trace),
        ("/etc/ssh/ssh_host_rsa_key.pub", Trace),
        ("/etc/netplan/50-cloud-init.yaml", "network: {version: 2, ethernets: {eth0: {match: {macaddress: '00:22:48:12:34:56'}}}}\n"),
        ("/home/packer/.ssh/authorized_keys", "ssh-rsa AAAA build\n"),
        ("/home/packer/.bash_history", Trace),
        ("/root/.bash_history", Trace),
        ("/root/.ssh/authorized_keys", "ssh-rsa AAAA build\n"),
        ("/var/mail/packer", Trace),
        ("/var/lib/dhcp/dhclient.eth0.leases", Trace),
        ("/var/lib/systemd/random-seed", Trace),
        ("/var/lib/waagent/provisioned", "11111111-2222-3333-4444-555555555555"),
        ("/var/lib/waagent/GoalState.xml", "<GoalState/>\n"),
        ("/var/lib/waagent/waagent_status.json", "{}\n"),
        (OvfPath, """
            <?xml version="1.0" encoding="utf-8"?>
            <ns0:Environment xmlns:ns0="http://schemas.dmtf.org/ovf/environment/1" xmlns:ns1="http://schemas.microsoft.com/windowsazure">
              <ns1:ProvisioningSection><ns1:LinuxProvisioningConfigurationSet>
                <ns1:HostName>build-vm</ns1:HostName>
                <ns1:UserName>packer</ns1:UserName>
              </ns1:LinuxProvisioningConfigurationSet></ns1:ProvisioningSection>
            </ns0:Environment>

            """),
        ("/var/lib/cloud/instances/11111111/user-data.txt", Trace),
        ("/var/lib/cloud/instances/11111111/obj.pkl", Trace),
        ("/var/lib/cloud/data/set-hostname", "{\"hostname\": \"build-vm\"}\n"),
        ("/var/lib/cloud/seed/azure/ovf-env.xml", Trace),
        ("/run/cloud-init/status.json", "{}\n"),
        (CloudInitResult, "{}\n"),
        ("/var/log/auth.log", Trace),
        ("/var/log/syslog", Trace),
        ("/var/log/waagent.log", Trace),
        ("/var/log/cloud-init.log", Trace),
        ("/var/log/journal/0123456789abcdef0123456789abcdef/system.journal", Trace),
        ("/var/tmp/packer-provisioner", Trace),
    ];

    /// <summary>Commands that cannot matter to deprovisioning, and give nothing by which a script of this kind decides.</summary>
    private static readonly string[] TakenAsDone =
    [
        "yum", "dnf", "tdnf", "microdnf", "snap", "flatpak", "subscription-manager", "chage", "crontab", "restorecon", "semanage", "setenforce", "setsebool", "firewall-cmd", "ufw", "iptables", "ip6tables", "nft",
        "timedatectl", "localectl", "update-grub", "grub2-mkconfig", "grubby", "dracut", "update-initramfs", "sysctl", "modprobe", "udevadm", "chattr", "logrotate", "resolvectl", "netplan", "nmcli", "ip", "ifconfig",
        "swapon", "auditctl", "augenrules", "aureport", "faillog", "lastlog", "fc-cache", "mandb", "updatedb", "depmod", "wall",
    ];

    /// <summary>The machine, with a script where the service has it.</summary>
    /// <param name="scriptText">The script.</param>
    /// <param name="options">What whoever rehearses it says of the build; null for nothing.</param>
    public static ScratchMachine Create(string scriptText, RehearsalOptions? options = null)
    {
        var machine = new ScratchMachine();
        foreach (var name in TakenAsDone.Concat(options?.AssumeDone.Select(command => command.Substring(command.LastIndexOf('/') + 1)).Where(command => command.Length > 0 && command[0] != '.' && command.All(c => char.IsLetterOrDigit(c) || "._+-".IndexOf(c) >= 0)) ?? []))
        {
            // Links, since the smallest disk has no room for so many files.
            machine.WriteLink($"/usr/bin/{name}", "/opt/rehearsal/taken-as-done");
        }
        // Debian's sh, whatever the host's is.
        if (HostPrograms.Find("dash") is { } dash)
        {
            machine.WriteLink("/usr/bin/sh", HostPrograms.Folder + dash);
        }
        foreach (var (path, stub) in Programs)
        {
            machine.WriteProgram(path, Stub.Load(stub));
        }
        foreach (var (path, content) in Files)
        {
            machine.WriteFile(path, content.Replace("\r\n", "\n"));
        }
        machine.WriteLink("/var/lib/cloud/instance", "/var/lib/cloud/instances/11111111");
        foreach (var file in options?.Files ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            machine.WriteFile(file.Key, file.Value);
        }
        machine.WriteProgram(ScriptPath, scriptText);
        return machine;
    }
}
