using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// The residue of a Linux build VM that is known by its path: what waagent -deprovision+user clears when it succeeds, and
/// what it leaves. The hardened script clears the same (Scripts/Parts/hardened.linux.sh). What an earlier rule has claimed, later ones do not report again.
/// </summary>
internal static class LinuxResidueRules
{
    private const string Deprovision = "Run waagent -deprovision+user, or the hardened deprovision script, as the last step of the build.";
    private const string Harden = "waagent leaves it: use the hardened deprovision script (New-AibDeprovisionScript Linux), or remove it in the last step of the build.";

    private const string Told = "Look whether it is meant for every VM, and remove it in the build where it is not; no deprovision script touches it.";

    /// <summary>Access tokens and keys of the command line tools that builds log in with, below a home.</summary>
    public static readonly string[] CredentialsBelowHome =
    [
        .. ((string[])[".azure", ".Azure"]).SelectMany(folder => (string[])
        [
            $"{folder}/*token*", $"{folder}/*Token*", $"{folder}/msal*", $"{folder}/azureProfile.json", $"{folder}/AzureRmContext.json", $"{folder}/service_principal*", $"{folder}/keystore.cache",
        ]),
        ".azure/azuredevops/personalAccessTokens", ".local/share/.IdentityService", ".azd/auth", ".aws/credentials", ".aws/config", ".aws/sso/cache", ".aws/cli/cache", ".config/gcloud",
        ".config/gh/hosts.yml", ".config/glab-cli/config.yml", ".docker/config.json", ".config/containers/auth.json", ".config/helm/registry/config.json", ".kube/config", ".kube/cache",
        ".netrc", ".pypirc", ".git-credentials", ".config/git/credentials", ".vault-token", ".terraform.d/credentials.tfrc.json", ".pulumi/credentials.json", ".config/pypoetry/auth.toml",
        ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".pgpass", ".mylogin.cnf", ".config/rclone/rclone.conf", ".oci/*", ".s3cfg", ".cache/huggingface/token",
        ".huggingface/token", ".gnupg/private-keys-v1.d/*", ".local/share/keyrings",
    ];

    /// <summary>Those of root.</summary>
    public static readonly ResidueRule RootCredentials = new("RootCredentials", "A login of root's tools is left", Severity.Error,
        "A login of root's command line tools is left: whoever has a VM from the image can use it.", Harden + " Revoke what has been published in an image.")
    {
        Paths = [.. CredentialsBelowHome.Select(path => "/root/" + path)],
        KeptBy = ResidueKinds.Credentials,
        What = "root's credentials",
    };

    /// <summary>Those of users who stay; they may be meant for every VM.</summary>
    public static readonly ResidueRule UserCredentials = new("UserCredentials", "A user's tools are logged in", Severity.Information,
        "A login of a user's command line tools is in the image: every VM made from it has it.", "Where it is not meant for every VM, log out in the build; the hardened script only names it.")
    {
        Paths = [.. CredentialsBelowHome.Select(path => "~/" + path)],
    };

    private static readonly Rule PersistentNetworkNames = new("PersistentNetworkNames", RuleKinds.Residue, DeprovisionPlatform.Linux, Severity.Error, Certainty.Certain, "Network names are tied to the build VM",
        "A udev rule ties the name of the network interface to the build VM's MAC address, or makes such rules: another VM would have no eth0.", Harden);

    /// <summary>All of them, in the order in which they are reported.</summary>
    public static IReadOnlyList<ResidueRule> All { get; } =
    [
        new("AgentProvisioned", "The agent takes the machine for provisioned", Severity.Error, "The agent takes the machine for provisioned already: a VM from the image would not be set up by it.", Deprovision) { Paths = ["/var/lib/waagent/provisioned"], What = "agent state" },
        new("AgentEnvironment", "The agent's description of the build VM is left", Severity.Error, "The description of the build VM that the platform gave the agent is left; it names the user and may hold the password.", Deprovision) { Paths = ["/var/lib/waagent/ovf-env.xml"], What = "agent state" },
        new("AgentState", "State of the agent is left", Severity.Error, "State of the agent is left: goal states, certificates, and versions of the agent, of which the newest would run.", Deprovision) { Paths = ["/var/lib/waagent/*"], What = "agent state" },
        new("CloudInitSudoRules", "cloud-init's sudo rules are left", Severity.Error, "cloud-init's sudo rules are left: whoever gets a user of that name becomes root without a password.", Harden) { Paths = ["/etc/sudoers.d/90-cloud-init-users"], KeptWithUser = true, What = "cloud-init's sudo rules" },
        new("UserCrontab", "The crontab of the build user is left", Severity.Warning, "The crontab of a provisioned user is left.", Harden) { Paths = ["/var/spool/cron/crontabs/{user}", "/var/spool/cron/tabs/{user}", "/var/spool/cron/{user}"], KeptWithUser = true, What = "crontab and mail of the build user" },
        new("UserMail", "The mail of the build user is left", Severity.Warning, "The mail of a provisioned user is left.", Deprovision) { Paths = ["/var/mail/{user}", "/var/spool/mail/{user}"], KeptWithUser = true, What = "crontab and mail of the build user" },
        new("UserAccess", "Access of the build user is left", Severity.Warning, "A key list, lingering session or entry of the login screen of a provisioned user is left.", Harden)
        {
            Paths = ["/etc/ssh/authorized_keys/{user}", "/var/lib/systemd/linger/{user}", "/var/lib/AccountsService/users/{user}", "/var/lib/AccountsService/icons/{user}"],
            KeptWithUser = true,
            What = "access of the build user",
        },
        new("SshHostKeys", "SSH host keys are left", Severity.Error, "An SSH host key is left: all VMs from the image would have the same, and each could pose as any other.", Harden) { Paths = ["/etc/ssh/ssh_host_*key*"], MadeAnewBy = FirstBootMaker.HostKeys, What = "SSH host keys" },
        new("RootSshKeys", "Root's SSH keys are left", Severity.Error, "Root's SSH keys are left: whoever has the private key can log in as root, to or from every VM.", Harden) { Paths = ["/root/.ssh/authorized_keys*", "/root/.ssh/id_*", "/root/.ssh/*.pem", "/root/.ssh/*.key", "/root/.ssh/*_rsa", "/root/.ssh/*_ecdsa", "/root/.ssh/*_ed25519"], KeptBy = ResidueKinds.RootSshKeys, RefusedByCertification = true, What = "root's SSH keys" },
        new("RootKnownHosts", "Root's list of SSH servers is left", Severity.Warning, "Root's list of SSH servers is left.", Harden) { Paths = ["/root/.ssh/known_hosts*"], KeptBy = ResidueKinds.RootSshKeys, What = "root's SSH keys" },
        new("UserSshKeys", "A user's SSH keys are in the image", Severity.Information, "A user's own SSH keys or list of servers are in the image: every VM made from it has them.", "") { Paths = ["~/.ssh/id_*", "~/.ssh/known_hosts*", "~/.ssh/config"] },
        RootCredentials,
        UserCredentials,
        new("RootMail", "Root's mail is left", Severity.Warning, "Root's mail is left; it tells about the build VM.", Harden) { Paths = ["/var/mail/root", "/var/spool/mail/root"], WithContent = true, KeptBy = ResidueKinds.Logs, What = "root's mail" },
        new("HomeSettings", "Settings of a tool may hold a login", Severity.Warning, "The settings of a command line tool are left, which may hold a login.", "Look whether they hold one, and log out in the build; no deprovision script touches them.", Certainty.Unsure) { Paths = ["~/.npmrc", "~/.m2/settings.xml", "~/.m2/settings-security.xml", "~/.my.cnf", "~/.terraformrc", "~/.config/helm/repositories.yaml"], Cleaning = ResidueCleaning.Told },
        new("HomeSettingsOfNuGet", "NuGet's settings are in the image", Severity.Information, "NuGet's settings of a user are in the image; .NET makes such a file by itself, and it may hold a login.", "") { Paths = ["~/.nuget/NuGet/NuGet.Config", "~/.config/NuGet/NuGet.Config"] },
        new("AptLogins", "Logins of apt are left", Severity.Error, "A login to a package repository is left: whoever has a VM from the image can use it.", Harden) { Paths = ["/etc/apt/auth.conf", "/etc/apt/auth.conf.d/*"], KeptBy = ResidueKinds.Credentials, What = "logins of apt" },
        new("MachineSecrets", "A secret key of the machine is left", Severity.Error, "A secret key of this machine is left, and all VMs from the image would share it.", Harden) { Paths = ["/var/lib/NetworkManager/secret_key", "/var/lib/systemd/credential.secret"], What = "secrets of this machine" },
        new("MachineIdentity", "An identity of the machine is left", Severity.Warning, "A number or name that was made for this machine is left, and all VMs from the image would share it.", Harden)
        {
            Paths = ["/etc/nvme/hostid", "/etc/nvme/hostnqn", "/var/lib/docker/engine-id", "/etc/docker/key.json", "/var/lib/mysql/auto.cnf"],
            What = "identities of this machine",
        },
        new("ServiceKeys", "A key that a service made for the machine is left", Severity.Error, "A key that a service made for this machine is left, and all VMs from the image would share it; the service makes a new one.", Harden, Certainty.Certain)
        {
            Paths = ["/etc/cockpit/ws-certs.d/0-self-signed*", "/etc/pki/tls/private/localhost.key", "/etc/pki/tls/certs/localhost.crt"],
            What = "keys that services made",
        },
        new("SharedIdentity", "An identity that nothing makes anew", Severity.Warning, "An identity or key of this machine is left, which all VMs from the image would share, and which nothing makes anew by itself.", Told, Certainty.Likely)
        {
            Paths = ["/etc/iscsi/initiatorname.iscsi", "/etc/ssl/private/ssl-cert-snakeoil.key", "/var/lib/snapd/device/private-keys-v1/*"],
            Cleaning = ResidueCleaning.Told,
        },
        new("MailName", "The mail name is in the image", Severity.Information, "The name by which mail leaves the machine is in the image; it may be the build VM's.", "") { Paths = ["/etc/mailname"] },
        new("Subscriptions", "A registration with the vendor is left", Severity.Warning, "A registration of the system with its vendor is left: all VMs from the image would be the same system there.", Harden + " Register again at the first boot.")
        {
            Paths =
            [
                "/etc/insights-client/machine-id", "/etc/insights-client/.registered", "/etc/pki/consumer/*", "/etc/pki/entitlement/*", "/etc/sysconfig/rhn/systemid",
                "/var/lib/ubuntu-advantage/machine-token.json", "/var/lib/ubuntu-advantage/private/machine-token.json", "/etc/zypp/credentials.d/SCCcredentials", "/etc/SUSEConnect",
            ],
            KeptBy = ResidueKinds.Subscriptions,
            What = "registrations with the vendor",
        },
        new("DomainJoin", "The machine's account in a domain is left", Severity.Error, "The key or data of the machine's account in a domain are left: every VM from the image could act as it.", Harden + " Join at the first boot.")
        {
            Paths =
            [
                "/etc/krb5.keytab", "/var/lib/sss/db/*", "/var/lib/samba/private/secrets.tdb", "/var/lib/ipa-client/pki/*", "/var/lib/ipa-client/sysrestore/*", "/etc/ipa/default.conf",
                "/etc/ipa/ca.crt",
            ],
            KeptBy = ResidueKinds.DomainJoin,
            What = "membership in a domain",
        },
        new("AgentIdentities", "The identity of an agent is left", Severity.Warning, "The identity of a management or monitoring agent is left: all VMs from the image would be the same machine to its service.", Harden + " Register it at the first boot.")
        {
            Paths =
            [
                "/etc/opt/microsoft/mdatp/mdatp_onboard.json", "/var/opt/azcmagent/agentconfig.json", "/var/opt/azcmagent/certs/*", "/etc/opt/microsoft/omsagent/certs/*",
                "/etc/opt/microsoft/omsagent/*/certs/*", "/var/lib/kubelet/pki/*", "/etc/salt/pki/minion/minion.*", "/etc/salt/minion_id", "/etc/chef/client.pem",
                "/etc/puppetlabs/puppet/ssl/*", "/var/lib/puppet/ssl/*", "/etc/puppet/ssl/*", "/var/lib/tailscale/tailscaled.state",
            ],
            KeptBy = ResidueKinds.Agents,
            What = "identities of agents",
        },
        new("AzureInitState", "State of azure-init is left", Severity.Error, "azure-init takes the machine for provisioned already: a VM from the image would not be set up by it.", Harden) { Paths = ["/var/lib/azure-init/*"], What = "state of azure-init" },
        new("AzureInitSudoRules", "azure-init's sudo rule is left", Severity.Error, "azure-init's sudo rule is left: whoever gets a user of that name becomes root without a password.", Harden) { Paths = ["/etc/sudoers.d/azure-init-user"], KeptWithUser = true, What = "azure-init's sudo rule" },
        new("ProvisioningSshSettings", "SSH settings of provisioning are left", Severity.Warning, "Settings of sshd that provisioning wrote for the build VM are left.", Harden)
        {
            Paths = ["/etc/ssh/sshd_config.d/50-cloud-init.conf", "/etc/ssh/sshd_config.d/50-azure-init.conf"],
            KeptBy = ResidueKinds.CloudInit,
            MadeAnewBy = FirstBootMaker.CloudInit,
            What = "SSH settings of provisioning",
        },
        new("LvmDevices", "LVM is tied to the build VM's disks", Severity.Warning, "The list of disks that LVM may use holds the build VM's: LVM of another VM may not find its own.", Harden, Certainty.Likely) { Paths = ["/etc/lvm/devices/system.devices"], What = "LVM's list of disks" },
        new("RandomSeed", "A random seed is left", Severity.Warning, "A saved random seed is left: VMs from the image would begin with the same one.", Harden)
        {
            Paths = ["/var/lib/systemd/random-seed", "/var/lib/random-seed", "/var/lib/urandom/random-seed", "/boot/efi/loader/random-seed", "/boot/loader/random-seed", "/efi/loader/random-seed"],
            What = "random seeds",
        },
        new(PersistentNetworkNames) { Paths = ["/etc/udev/rules.d/70-persistent-net.rules"], What = "persistent network names" },
        // Empty, or a link to /dev/null, it switches the generator of such names off and has to stay.
        new(PersistentNetworkNames) { Paths = ["/etc/udev/rules.d/75-persistent-net-generator.rules"], WithContent = true, What = "persistent network names" },
        new("CloudInitNetworkFiles", "cloud-init's network configuration is left", Severity.Warning, "cloud-init's network configuration of the build VM is left; it may be bound to its MAC address.", Harden, Certainty.Likely)
        {
            Paths =
            [
                "/etc/netplan/50-cloud-init.yaml", "/etc/network/interfaces.d/50-cloud-init*", "/etc/NetworkManager/system-connections/cloud-init-*",
                "/etc/systemd/network/10-cloud-init-*", "/etc/NetworkManager/conf.d/99-cloud-init.conf", "/etc/NetworkManager/conf.d/30-cloud-init-ip6-addr-gen-mode.conf",
            ],
            KeptBy = ResidueKinds.CloudInit,
            MadeAnewBy = FirstBootMaker.Network,
            What = "cloud-init's network files",
        },
        new("NetworkConnections", "Connections of NetworkManager are in the image", Severity.Information, "A connection of NetworkManager is in the image; one that is bound to a MAC address would not be used on another VM.", "") { Paths = ["/etc/NetworkManager/system-connections/*"] },
        new("CloudInitState", "State of cloud-init is left", Severity.Error, "State of cloud-init is left: data about the build VM such as its user data and host name, and what has been done once and would not be done again.", Harden)
        {
            Paths = ["/var/lib/cloud/instance", "/var/lib/cloud/instances/*", "/var/lib/cloud/data/*", "/var/lib/cloud/sem/*", "/var/lib/cloud/seed/azure"],
            KeptBy = ResidueKinds.CloudInit,
            What = "cloud-init state",
        },
        new("DhcpLeases", "DHCP leases are left", Severity.Warning, "A DHCP lease of the build VM is left.", Harden)
        {
            Paths =
            [
                "/var/lib/dhcp/*", "/var/lib/dhclient/*", "/var/lib/dhcpcd/*", "/var/lib/NetworkManager/*.lease", "/run/systemd/netif/leases/*",
                "/var/lib/systemd/network/*lease*", "/var/lib/wicked/lease-*", "/var/lib/wicked/duid.xml", "/var/lib/wicked/iaid.xml",
            ],
            What = "DHCP leases",
        },
        new("AccountBackups", "Backups of the account files are left", Severity.Warning, "A backup of the account files is left; it still has the lines, and the password hashes, of deleted users.", Harden)
        {
            Paths = ["/etc/passwd-", "/etc/shadow-", "/etc/group-", "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-"],
            What = "backups of the account files",
        },
        new("AgentLogs", "Logs of the agent are left", Severity.Warning, "A log of the agent or of its extensions is left.", Deprovision) { Paths = ["/var/log/waagent*"], Below = ["/var/log/azure"], WithMounts = true, WithContent = true, KeptBy = ResidueKinds.Logs, GrowsAgain = true, What = "log", Cleaning = ResidueCleaning.Empty },
        new("CloudInitLogs", "Logs of cloud-init are left", Severity.Warning, "A log of cloud-init is left; it tells about the build VM.", Harden) { Paths = ["/var/log/cloud-init*"], WithContent = true, KeptBy = ResidueKinds.Logs | ResidueKinds.CloudInit, GrowsAgain = true, What = "log", Cleaning = ResidueCleaning.Empty },
        new("InstallerLogs", "Records of the installation are left", Severity.Warning, "A record of the system's installation or rotation of logs is left; an answer file of the installer can hold password hashes.", Harden)
        {
            Paths = ["/root/*-ks.cfg", "/root/install.log*", "/var/lib/logrotate.status", "/var/lib/logrotate/*status*"],
            KeptBy = ResidueKinds.Logs,
            What = "records of the installation",
        },
        new("CrashDumps", "Dumps of memory are left", Severity.Error, "A dump of memory is left, which holds whatever the build VM knew.", Harden)
        {
            Paths = ["/var/crash/*", "/var/lib/systemd/coredump/*", "/var/lib/systemd/pstore/*", "/var/spool/abrt/*"],
            KeptBy = ResidueKinds.Logs,
            What = "dumps of memory",
        },
        new("AtJobs", "Jobs of at are left", Severity.Warning, "A job that at is to run once is left: every VM from the image would run it.", Harden) { Paths = ["/var/spool/cron/atjobs/a*", "/var/spool/cron/atjobs/b*", "/var/spool/at/a*", "/var/spool/at/b*"], What = "jobs of at" },
        new("Journal", "A journal is left", Severity.Warning, "A journal is left under the machine-id of the build VM.", Harden) { Paths = ["/var/log/journal/*"], KeptBy = ResidueKinds.Logs, What = "journal" },
        new("Logs", "Logs are left", Severity.Warning, "A log of the build VM is left; it tells of addresses, users and commands.", Harden) { Below = ["/var/log"], WithMounts = true, WithContent = true, KeptBy = ResidueKinds.Logs, GrowsAgain = true, What = "log", Cleaning = ResidueCleaning.Empty },
        new("Histories", "Histories of commands are left", Severity.Warning, "A history of commands is left; people type secrets into commands.", Harden)
        {
            Paths = ["~/.*history", "~/.histfile", "~/.lesshst", "~/.viminfo", "~/.wget-hsts", "~/.local/share/powershell/PSReadLine/*history*", "~/.local/share/fish/*history*", "~/.local/state/lesshst", "~/.local/state/bash/history",
                "~/.local/state/nvim/shada/*", "~/.local/share/nvim/shada/*", "~/.local/share/nano/*history*", "~/.local/share/mc/history"],
            KeptBy = ResidueKinds.History,
            RefusedByCertification = true,
            What = "histories",
        },
        new("PackerScript", "Packer's script is there", Severity.Information, "A file through which Packer runs a step of the build; Packer removes it after the last one.", "") { Paths = ["/tmp/script_*"] },
        new("DeprovisionScript", "The deprovision script is left", Severity.Warning, "The deprovision script is left: it has not come to its end, or is one that does not remove itself.", Harden) { Paths = ["/tmp/DeprovisioningScript.sh"], KeptBy = ResidueKinds.TempFiles, Cleaning = ResidueCleaning.Told },
        new("TempFiles", "Temporary files are left", Severity.Warning, "A temporary file of the build is left.", Harden) { Below = ["/tmp", "/var/tmp"], KeptBy = ResidueKinds.TempFiles, GrowsAgain = true, What = "temporary file", Cleaning = ResidueCleaning.Otherwise },
    ];
}
