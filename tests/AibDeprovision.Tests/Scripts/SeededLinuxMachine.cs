using AibDeprovision.Generalizing;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Rehearsal.Linux.Sandbox;

namespace AibDeprovision.Tests.Scripts;

/// <summary>A test machine with a trace of the build in every place that a deprovision script has to think of.</summary>
public static class SeededLinuxMachine
{
    public const string Canary = "CANARY-7f3a";

    public const string MachineId = "0123456789abcdef0123456789abcdef\n";

    /// <summary>Everything that a build leaves, and what keeps it: "never", "always", or the switches, any of which suffices.</summary>
    private static readonly (string Path, string KeptBy)[] Residue =
    [
        ("/var/lib/waagent/ovf-env.xml", "never"),
        ("/var/lib/waagent/provisioned", "never"),
        ("/var/lib/waagent/WALinuxAgent-2.9.1.1/bin/a.egg", "never"),
        ("/var/lib/waagent/.agent-hidden", "never"),
        ("/var/lib/dhcp/dhclient.eth0.leases", "never"),
        ("/var/lib/dhclient/d.lease", "never"),
        ("/var/lib/dhcpcd/eth0.lease", "never"),
        ("/var/lib/NetworkManager/dhclient-x.lease", "never"),
        ("/var/lib/NetworkManager/internal-y-eth0.lease", "never"),
        ("/var/lib/NetworkManager/secret_key", "never"),
        ("/var/lib/wicked/lease-eth0-dhcp-ipv4.xml", "never"),
        ("/var/lib/wicked/duid.xml", "never"),
        ("/run/systemd/netif/leases/2", "never"),
        ("/var/lib/systemd/random-seed", "never"),
        ("/var/lib/systemd/credential.secret", "never"),
        ("/boot/efi/loader/random-seed", "never"),
        ("/etc/udev/rules.d/70-persistent-net.rules", "never"),
        ("/etc/udev/rules.d/75-persistent-net-generator.rules", "never"),
        ("/etc/passwd-", "never"),
        ("/etc/shadow-", "never"),
        ("/etc/group-", "never"),
        ("/etc/gshadow-", "never"),
        ("/etc/subuid-", "never"),
        ("/etc/subgid-", "never"),
        ("/etc/ssh/ssh_host_ed25519_key", "never"),
        ("/etc/ssh/ssh_host_ed25519_key.pub", "never"),
        ("/etc/sudoers.d/90-cloud-init-users", "User"),
        ("/home/packer/notes", "User"),
        ("/home/packer/.ssh/authorized_keys", "User"),
        ("/var/spool/cron/crontabs/packer", "User"),
        ("/var/spool/cron/packer", "User"),
        ("/var/spool/cron/tabs/packer", "User"),
        ("/var/mail/packer", "User"),
        ("/root/.zsh_history", "History"),
        ("/root/.python_history", "History"),
        ("/root/.lesshst", "History"),
        ("/root/.viminfo", "History"),
        ("/root/.wget-hsts", "History"),
        ("/root/.local/share/powershell/PSReadLine/ConsoleHost_history.txt", "History"),
        ("/home/appsvc/.bash_history", "History"),
        ("/home/appsvc/.local/share/fish/fish_history", "History"),
        ("/srv/login/.bash_history", "History"),
        ("/srv/daemon/.bash_history", "always"),
        ("/home/appsvc/notes", "always"),
        ("/home/appsvc/.ssh/authorized_keys", "always"),
        ("/var/mail/appsvc", "always"),
        ("/etc/sudoers.d/appsvc", "always"),
        ("/root/.ssh/authorized_keys", "RootSshKeys"),
        ("/root/.ssh/known_hosts", "RootSshKeys"),
        ("/root/.ssh/id_ed25519", "RootSshKeys"),
        ("/root/.ssh/config", "always"),
        ("/root/.azure/msal_token_cache.json", "Credentials"),
        ("/root/.Azure/AzureRmContext.json", "Credentials"),
        ("/root/.azure/cliextensions/ssh/metadata.json", "always"),
        ("/root/.aws/credentials", "Credentials"),
        ("/root/.config/gcloud/credentials.db", "Credentials"),
        ("/root/.docker/config.json", "Credentials"),
        ("/root/.kube/config", "Credentials"),
        ("/root/.netrc", "Credentials"),
        ("/root/.git-credentials", "Credentials"),
        ("/root/.cache/pip/http", "always"),
        ("/etc/pki/consumer/cert.pem", "Subscriptions"),
        ("/var/lib/ubuntu-advantage/private/machine-token.json", "Subscriptions"),
        ("/etc/krb5.keytab", "DomainJoin"),
        ("/etc/salt/pki/minion/minion.pem", "Agents"),
        ("/var/opt/azcmagent/certs/myCert.cer", "Agents"),
        ("/etc/opt/microsoft/omsagent/own/certs/oms.key", "Agents"),
        ("/etc/nvme/hostid", "never"),
        ("/var/lib/azure-init/1.provisioned", "never"),
        ("/etc/sudoers.d/azure-init-user", "User"),
        ("/etc/ssh/sshd_config.d/50-cloud-init.conf", "CloudInit"),
        ("/root/anaconda-ks.cfg", "Logs"),
        ("/var/crash/1/vmcore", "Logs"),
        ("/root/.local/state/bash/history", "History"),
        ("/home/appsvc/.local/share/mc/history", "History"),
        ("/home/appsvc/.netrc", "always"),
        ("/var/mail/root", "Logs"),
        ("/var/lib/cloud/instances/11111111/user-data.txt", "CloudInit"),
        ("/var/lib/cloud/data/set-hostname", "CloudInit"),
        ("/var/lib/cloud/sem/config_scripts_per_once.once", "CloudInit"),
        ("/var/lib/cloud/seed/azure/ovf-env.xml", "CloudInit"),
        ("/etc/netplan/50-cloud-init.yaml", "CloudInit"),
        ("/etc/netplan/01-own.yaml", "always"),
        ("/etc/network/interfaces.d/50-cloud-init", "CloudInit"),
        ("/etc/NetworkManager/system-connections/cloud-init-eth0.nmconnection", "CloudInit"),
        ("/etc/NetworkManager/system-connections/own.nmconnection", "always"),
        ("/etc/systemd/network/10-cloud-init-eth0.network", "CloudInit"),
        ("/etc/sysconfig/network-scripts/ifcfg-eth1", "always"),
        ("/var/log/cloud-init.log", "CloudInit Logs"),
        ("/var/log/auth.log", "Logs"),
        ("/var/log/auth.log.1", "Logs"),
        ("/var/log/auth.log.2.gz", "Logs"),
        ("/var/log/messages-20260101", "Logs"),
        ("/var/log/wtmp", "Logs"),
        ("/var/log/audit/audit.log", "Logs"),
        ("/var/log/journal/0123456789abcdef/system.journal", "Logs"),
        ("/tmp/packer-shell123", "TempFiles"),
        ("/tmp/.hidden/deep/file", "TempFiles"),
        ("/var/tmp/build.tmp", "TempFiles"),
        ("/tmp/script_4711.sh", "always"),
    ];

    /// <summary>What ovf-env.xml may hold in place of a name, and nobody is to act upon.</summary>
    public static TheoryData<string> HostileUserNames => ["$(reboot)", "-rf", "root", "toor", "../../etc", "packer; reboot", "*", "p\u00e4cker", ""];

    /// <summary>Who may have called sudo, and whether that may be the user to delete.</summary>
    public static TheoryData<string, bool> SudoCallers => new() { { "packer", true }, { "root", false }, { "svc", false }, { "nobody-at-all", false } };

    /// <summary>The folders in which a deprovision changes anything.</summary>
    public static string[] Folders => ["/boot", "/etc", "/home", "/root", "/run", "/srv", "/tmp", "/var"];

    public static string[] KeptPaths(string name) =>
        [.. Residue.Where(item => item.KeptBy == "always" || item.KeptBy.Split(' ').Contains(name)).Select(item => item.Path)];

    public static string[] AllPaths() => [.. Residue.Select(item => item.Path)];

    /// <summary>The files of the table that still hold their canary.</summary>
    public static string[] Surviving(LinuxTestMachine machine) =>
        [.. Residue.Select(item => item.Path).Where(path => machine.Files.ReadFile(path)?.Contains(Canary, StringComparison.Ordinal) == true)];

    public static string[] Calls(LinuxTestMachine machine) =>
        (machine.Files.ReadFile("/calls") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every file with its text, except what notes the stubs' calls, and the time in the trace of a seal.</summary>
    public static SortedDictionary<string, string> Snapshot(LinuxTestMachine machine)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in Folders)
        {
            foreach (var path in machine.Files.Below(folder).Where(path => machine.Files.Files[path].Kind != MachineFileKind.Folder))
            {
                var text = machine.Files.ReadLink(path) ?? machine.Files.ReadFile(path)!;
                files[path] = path == SealTrace.LinuxPath ? string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("time=", StringComparison.Ordinal))) : text;
            }
        }
        return files;
    }

    /// <summary>The agent with a given way to deprovision.</summary>
    public static void WriteAgent(LinuxTestMachine machine, string deprovision) => machine.WriteCommand("waagent", $$"""
        echo "waagent $*" >>/calls
        if [ "$1" = -version ]; then printf 'noise\nWALinuxAgent-2.15.0.1 running on scratch 1.0\nPython: 3.12.3\n'; exit 0; fi
        {{deprovision}}
        """);

    /// <summary>Writes all that a build leaves, without the programs.</summary>
    internal static void Seed(ScratchMachine machine)
    {
        foreach (var (path, _) in Residue)
        {
            machine.WriteFile(path, Canary + "\n");
        }
        machine.WriteFile("/etc/os-release", "NAME=Scratch\nPRETTY_NAME=\"Scratch Linux 1.0\"\n");
        machine.WriteFile("/etc/passwd", """
            root:x:0:0:root:/root:/bin/bash
            toor:x:0:0:second root:/root:/bin/bash
            svc:x:300:300::/srv/daemon:/usr/sbin/nologin
            packer:x:1000:1000::/home/packer:/bin/bash
            appsvc:x:1001:1001::/home/appsvc:/usr/sbin/nologin
            login:x:400:400::/srv/login:/bin/sh
            halt:x:7:0:halt:/sbin:/sbin/halt

            """.ReplaceLineEndings("\n"));
        machine.WriteFile("/etc/shadow", "root:$6$build$hash:19000:0:99999:7:::\npacker:!:19000::::::\n");
        machine.WriteFile("/etc/subuid", "packer:100000:65536\nappsvc:165536:65536\n");
        machine.WriteFile("/etc/subgid", "packer:100000:65536\nappsvc:165536:65536\n");
        machine.WriteFile("/etc/sudoers", "Defaults env_reset\nroot ALL=(ALL) ALL\npacker ALL=(ALL) NOPASSWD: ALL\npackeradmin ALL=(ALL) ALL\n");
        machine.WriteFile("/etc/sudoers.d/90-cloud-init-users", $"# {Canary}\npacker ALL=(ALL) NOPASSWD:ALL\n");
        machine.WriteFile("/etc/sudoers.d/waagent", "packer ALL=(ALL) NOPASSWD: ALL\n");
        machine.WriteFile("/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 build-vm\n");
        machine.WriteFile("/etc/machine-id", MachineId);
        machine.WriteFile("/var/lib/dbus/machine-id", MachineId);
        machine.WriteLink("/etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf");
        machine.WriteLink("/var/lib/cloud/instance", "/var/lib/cloud/instances/11111111");
        machine.WriteFile("/run/cloud-init/result.json", "{}");
        machine.WriteFile("/etc/sysconfig/network-scripts/ifcfg-eth0", "# Created by cloud-init automatically, do not edit.\n");
        machine.WriteFile("/var/lib/waagent/ovf-env.xml", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <ns0:Environment xmlns:ns0="http://schemas.dmtf.org/ovf/environment/1" xmlns:ns1="http://schemas.microsoft.com/windowsazure">
              <ns1:ProvisioningSection><ns1:LinuxProvisioningConfigurationSet>
                <ns1:UserName>packer</ns1:UserName><ns1:HostName>{Canary}</ns1:HostName>
              </ns1:LinuxProvisioningConfigurationSet></ns1:ProvisioningSection>
            </ns0:Environment>

            """);
    }

    /// <summary>A machine on which a build has just ended; skips the test where there can be none.</summary>
    public static LinuxTestMachine SeededMachine(string shell)
    {
        HardenedLinuxRun.RequireShell(shell);
        var machine = new LinuxTestMachine();
        Seed(machine.Files);
        // As waagent does it: without ovf-env.xml it says so, keeps the user and exits 0.
        WriteAgent(machine, """
            echo 'WARNING! The waagent service will be stopped.'
            if [ "$2" = -deprovision+user ]; then
                user=$(sed -n 's/.*<ns1:UserName>\([^<]*\)<.*/\1/p' /var/lib/waagent/ovf-env.xml 2>/dev/null)
                if [ -n "$user" ]; then
                    echo "WARNING! $user account and entire home directory will be deleted."
                    userdel -f -r "$user"
                    sed -i "/$user/d" /etc/sudoers.d/waagent
                else
                    echo 'WARNING! ovf-env.xml is not found.'
                    echo 'WARNING! Skip delete user.'
                fi
            fi
            rm -rf /var/lib/waagent/* /var/lib/waagent/.[!.]* /var/log/waagent.log /root/.bash_history /etc/resolv.conf
            if [ -f /waagent-leaves ]; then mkdir -p "$(cat /waagent-leaves)"; fi
            """);
        machine.WriteCommand("userdel", """
            echo "userdel $*" >>/calls
            for user; do :; done
            sed -i "/^$user:/d" /etc/passwd /etc/shadow
            case " $* " in *' -r '*) rm -rf "/home/$user" "/var/mail/$user" ;; esac
            """);
        machine.WriteCommand("usermod", """
            echo "usermod $*" >>/calls
            sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
            """);
        machine.WriteCommand("sync", "echo sync >>/calls");
        machine.WriteCommand("systemctl", "echo \"systemctl $*\" >>/calls\n[ \"$2\" != walinuxagent.service ] || exit 5");
        machine.WriteCommand("cloud-init", """
            echo "cloud-init $*" >>/calls
            case "$*" in
                status) echo "status: $(cat /cloud-init-status)" ;;
                *--help) echo 'usage: cloud-init clean [-h] [-l] [--seed]' ;;
                clean*) rm -rf /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data ;;
            esac
            case "$*" in clean*--logs*) rm -f /var/log/cloud-init.log ;; esac
            """);
        return machine;
    }
}
