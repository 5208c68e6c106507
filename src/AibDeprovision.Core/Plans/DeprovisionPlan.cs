using AibDeprovision.Scripts;

namespace AibDeprovision.Plans;

/// <summary>The system that the image holds.</summary>
public enum DeprovisionPlatform
{
    /// <summary>Generalized by Sysprep.</summary>
    Windows,

    /// <summary>Generalized by waagent.</summary>
    Linux,
}

/// <summary>The kind of script.</summary>
public enum DeprovisionProfile
{
    /// <summary>Bounded, verified, and with a named cause and exit code when it fails.</summary>
    Hardened,

    /// <summary>One of the texts that Azure Image Builder's documentation gives as its default.</summary>
    Generic,
}

/// <summary>
/// What a deprovision script is to do: the input of the generator. A plan is checked by
/// <see cref="DeprovisionPlanRules"/> before a script is made from it.
/// </summary>
public sealed record DeprovisionPlan
{
    /// <summary>The platform; decides which of the options apply.</summary>
    public DeprovisionPlatform Platform { get; init; }

    /// <summary>Hardened by default.</summary>
    public DeprovisionProfile Profile { get; init; }

    /// <summary>Which documented text a generic script is (see <see cref="GenericScripts"/>); null for a hardened one.</summary>
    public string? GenericVersion { get; init; }

    /// <summary>Windows: Sysprep's /mode:vm. Faster first boot, but only for the same hypervisor and hardware profile.</summary>
    public bool ModeVm { get; init; }

    /// <summary>Windows: services that have to run before Sysprep is started, by service name.</summary>
    public IReadOnlyList<string> RequiredServices { get; init; } = ["RdAgent", "WindowsAzureGuestAgent"];

    /// <summary>Windows: services that are waited for only where they are installed, and whose failure is only reported.</summary>
    public IReadOnlyList<string> OptionalServices { get; init; } = ["WindowsAzureTelemetryService"];

    /// <summary>The longest wait for the agent (Windows: its services; Linux: cloud-init and the package manager), in whole seconds.</summary>
    public TimeSpan ServiceTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Windows: the longest that Sysprep may take, in whole seconds.</summary>
    public TimeSpan SysprepTimeout { get; init; } = TimeSpan.FromMinutes(45);

    /// <summary>The longest that the whole script may take, in whole seconds. Bounds every other limit.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Windows: file names of provider DLLs whose registration under SysPrepExternal is removed before Sysprep runs.</summary>
    public IReadOnlyList<string> RemoveSysprepProviders { get; init; } = [];

    /// <summary>Windows: refuse a machine also where it is only likely that Sysprep fails on it, instead of a warning.</summary>
    public bool Strict { get; init; }

    /// <summary>Linux: leave the provisioned user (waagent -deprovision instead of -deprovision+user).</summary>
    public bool KeepUser { get; init; }

    /// <summary>Linux: residue that is left where it is.</summary>
    public ResidueKinds Keep { get; init; }

    /// <summary>Whether the script only checks whether the machine can be generalized, and changes nothing.</summary>
    public bool ReadinessOnly { get; init; }

    /// <summary>Leave no trace of the seal on the machine; without it a root-only file says that, and when, the machine was sealed.</summary>
    public bool NoTrace { get; init; }

    /// <summary>Script text in the platform's own language that runs before the waits; empty for none.</summary>
    public string BeforeScript { get; init; } = "";

    /// <summary>Script text in the platform's own language that runs after the seal has been verified; empty for none.</summary>
    public string AfterScript { get; init; } = "";

    /// <summary>The exact path from which Azure Image Builder runs the script on the build VM; of one that only checks, a path for a File customizer.</summary>
    public string TargetPath => ReadinessOnly ? ReadinessPathOf(Platform) : TargetPathOf(Platform);

    private static string ReadinessPathOf(DeprovisionPlatform platform) => platform switch
    {
        DeprovisionPlatform.Windows => @"C:\ReadinessScript.ps1",
        _ => "/tmp/ReadinessScript.sh",
    };

    /// <summary>The exact path from which Azure Image Builder runs the script of a platform.</summary>
    public static string TargetPathOf(DeprovisionPlatform platform) => platform switch
    {
        DeprovisionPlatform.Windows => @"C:\DeprovisioningScript.ps1",
        _ => "/tmp/DeprovisioningScript.sh",
    };

    /// <summary>What the script will do, a line each, for a person to read.</summary>
    public override string ToString() => PlanText.Of(this);
}

/// <summary>Kinds of residue on Linux that a plan can leave in the image.</summary>
[Flags]
public enum ResidueKinds
{
    /// <summary>Nothing is kept.</summary>
    None = 0,

    /// <summary>/etc/machine-id and its D-Bus copy. Every VM made from the image then has the same one.</summary>
    MachineId = 1,

    /// <summary>cloud-init's state under /var/lib/cloud, its logs and what it wrote into the network configuration.</summary>
    CloudInit = 2,

    /// <summary>The logs under /var/log, and root's mail.</summary>
    Logs = 4,

    /// <summary>Shell and program histories of root and of the users that stay.</summary>
    History = 8,

    /// <summary>/tmp and /var/tmp.</summary>
    TempFiles = 16,

    /// <summary>Root's authorized_keys, known_hosts and private keys.</summary>
    RootSshKeys = 32,

    /// <summary>Root's credentials for clouds, registries and repositories, for example of az, aws, gcloud, docker, kubectl and git.</summary>
    Credentials = 64,

    /// <summary>Registrations of the system with its vendor: of Red Hat, SUSE, Ubuntu Pro.</summary>
    Subscriptions = 128,

    /// <summary>What joining a domain left: the host's Kerberos keytab, the data of SSSD, Samba and FreeIPA.</summary>
    DomainJoin = 256,

    /// <summary>Identities of management and monitoring agents, for example of Azure Arc, Defender, Puppet, Salt and Chef, and of a Kubernetes node.</summary>
    Agents = 512,
}
