using static AibDeprovision.Rules.Linux.LinuxProbeKind;
using static AibDeprovision.Rules.Linux.LinuxReadinessRules;

namespace AibDeprovision.Rules.Linux;

/// <summary>A check that is made of probes: it holds where every probe does.</summary>
/// <param name="Rule">What it is then; {found} in its sentences is what the first probe has found.</param>
/// <param name="Probes">What is asked; at least one.</param>
internal sealed record LinuxCheck(Rule Rule, params LinuxProbe[] Probes)
{
    /// <summary>Rules that explain it: where one of them holds, it is not looked at.</summary>
    public IReadOnlyList<Rule> Unless { get; init; } = [];

    /// <summary>Whether a mounted image can be asked.</summary>
    public bool ForImages => !Probes.Any(probe => probe.NeedsMachine);

    /// <summary>The finding; null where the check does not hold.</summary>
    /// <exception cref="Errors.AibException">The machine does not say.</exception>
    public Finding? Ask(LinuxView view)
    {
        LinuxFound? first = null;
        foreach (var probe in Probes)
        {
            if (probe.Ask(view) is not { } found)
            {
                return null;
            }
            first ??= found;
        }
        return Rule.Finding(("found", PrintableText.Short(first!.Text))) with { File = first.File is null ? null : PrintableText.Short(first.File), Line = first.Line };
    }
}

/// <summary>The checks of a Linux machine, in their order; the script that only checks has the same.</summary>
internal static class LinuxChecks
{
    /// <summary>Where distributions put waagent.</summary>
    public static readonly string[] AgentPlaces =
        ["/usr/sbin/waagent", "/usr/bin/waagent", "/sbin/waagent", "/bin/waagent", "/usr/local/sbin/waagent", "/usr/local/bin/waagent", "/usr/share/oem/bin/waagent", "/usr/share/oem/python/bin/waagent"];

    /// <summary>Where Python keeps the agent's version; an egg is a folder of its own.</summary>
    public static readonly string[] AgentVersions = [.. ((string[])["/usr/lib/python*", "/usr/lib64/python*", "/usr/local/lib/python*", "/usr/share/oem/python/lib/python*"])
        .SelectMany(folder => (string[])[folder + "/dist-packages", folder + "/site-packages"]).SelectMany(folder => (string[])[folder, folder + "/WALinuxAgent-*.egg"])
        .Select(folder => folder + "/azurelinuxagent/common/version.py")];

    /// <summary>What the boot loader tells the kernel. Not what it was told now: a mounted image has none of that.</summary>
    public static readonly string[] BootSettings =
        [.. FirstBoot.KernelArguments.Skip(1), "/boot/grub2/grubenv", "/boot/efi/EFI/*/grubenv", "/boot/efi/EFI/*/grub.cfg", "/boot/efi/loader/entries/*.conf", "/efi/loader/entries/*.conf"];

    /// <summary>A line that gives the kernel Azure's serial console; Arm has the second.</summary>
    public const string SerialConsole = "^[^#]*console=tty(S0|AMA0)([^0-9]|$)";

    private const string DefaultPlace = "/usr/sbin/waagent";
    private const string OvfEnv = "/var/lib/waagent/ovf-env.xml";

    // Measured: what waagent removes or replaces, and stops at where it is busy.
    private static readonly string[] Replaced = ["/etc/resolv.conf", "/etc/hostname"];
    private static readonly string[] AgentSettings = ["/etc/waagent.conf", "/usr/share/oem/waagent.conf"];
    private static readonly string[] ModuleSettings = ["/etc/modprobe.d/*.conf", "/usr/lib/modprobe.d/*.conf", "/lib/modprobe.d/*.conf"];
    private static readonly string[] SshSettings = ["/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/*.conf"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LinuxCheck> All { get; } =
    [
        new(NotRoot, new LinuxProbe(IsNotRoot)),
        new(AgentMissing, new LinuxProbe(Missing, AgentPlaces), new LinuxProbe(NotInPath, "waagent")),
        new(AgentElsewhere, new LinuxProbe(Exists, [.. AgentPlaces.Skip(1)]), new LinuxProbe(Missing, DefaultPlace)),
        new(AgentWithoutPython, new LinuxProbe(LacksInterpreter, AgentPlaces)),
        new(AgentOutdated, new LinuxProbe(HasVersionBelow, AgentVersions) { Pattern = "^AGENT_VERSION = '([0-9.]+)'", Limit = Certification.OldestAgent.ToString() }),
        new(ProvisioningAgentAbsent, Agent("cloud-init"), new LinuxProbe(CloudInitIsOff), new LinuxProbe(Missing, AzureInit)),
        new(ProvisioningAgentConflict, Agent("waagent"), new LinuxProbe(CloudInitIsOn)),
        new(ProvisioningOff, Agent("disabled"), new LinuxProbe(CloudInitIsOff), new LinuxProbe(Missing, AzureInit)),
        new(CloudInitRunning, new LinuxProbe(Exists, "/run/cloud-init/status.json"), new LinuxProbe(Missing, "/run/cloud-init/result.json"), new LinuxProbe(Missing, "/run/cloud-init/disabled")),
        new(LinuxReadinessRules.CloudInitOff, new LinuxProbe(Exists, "/usr/bin/cloud-init", "/usr/sbin/cloud-init", "/usr/local/bin/cloud-init"), new LinuxProbe(CloudInitIsOff)) { Unless = [ProvisioningAgentAbsent, ProvisioningOff] },
        new(CloudInitErrors, new LinuxProbe(HasLine, "/run/cloud-init/result.json") { Pattern = "\"errors\": *\\[ *(\"|$)" }),
        new(AzureInitToo, new LinuxProbe(Exists, "/etc/systemd/system/*.wants/azure-init.service", "/usr/lib/systemd/system/*.wants/azure-init.service")),
        new(PackageManagerBusy, new LinuxProbe(PackageManagerRuns)),
        new(OvfEnvMalformed, new LinuxProbe(IsNotXml, OvfEnv)),
        new(OvfEnvMissing, new LinuxProbe(HasNoLine, OvfEnv) { Pattern = "UserName>[^<]" }, new LinuxProbe(Exists, "/var/lib/waagent/provisioned")) { Unless = [OvfEnvMalformed] },
        new(NetworkFileMissing, new LinuxProbe(Missing, "/etc/sysconfig/network-scripts/ifcfg-e*"), Distribution("rhel|fedora|centos")),
        new(NetworkFileMissing, new LinuxProbe(Missing, "/etc/sysconfig/network/dhcp"), Distribution("suse|sle_hpc|sles")),
        .. Replaced.Select(file => new LinuxCheck(MountedOver, new LinuxProbe(HasLine, "/proc/self/mounts") { Pattern = $"^[^ ]+ {file.Replace(".", "\\.")} ", Name = file })),
        new(RootSpaceLow, new LinuxProbe(FreeBelow, "/") { Limit = "100" }),
        new(SshNotListening, new LinuxProbe(HasNoLine, "/proc/self/net/tcp", "/proc/self/net/tcp6") { Pattern = "^ *[0-9]+: [0-9A-F]+:0016 [0-9A-F]+:[0-9A-F]+ 0A " }),
        new(SshDisabled, new LinuxProbe(NotEnabled, "ssh.service", "sshd.service", "ssh.socket", "sshd.socket")),
        new(SshPortChanged, new LinuxProbe(HasLine, SshSettings) { Pattern = "^[ \t]*[Pp][Oo][Rr][Tt][ \t]+([013-9]|2([013-9]|2[0-9]|[ \t]*$))" }, new LinuxProbe(HasNoLine, SshSettings) { Pattern = "^[ \t]*[Pp][Oo][Rr][Tt][ \t]+22[ \t]*$" }),
        // It may also say that it has no host keys, or no folder of its own as long as it does not run.
        new(SshConfigBroken, new LinuxProbe(Fails, "sshd", "-t") { Pattern = "line [0-9]+|terminating," }),
        new(SudoersBroken, new LinuxProbe(Fails, "visudo", "-c") { Pattern = "error" }),
        new(UdfDisabled, new LinuxProbe(HasLine, ModuleSettings) { Pattern = "^[ \t]*install[ \t]+udf[ \t]+(/usr)?(/s?bin/)?(true|false)[ \t]*$" },
            new LinuxProbe(HasNoLine, "/lib/modules/*/modules.builtin", "/usr/lib/modules/*/modules.builtin") { Pattern = "/udf\\.ko" }),
        new(UdfBlacklisted, new LinuxProbe(HasLine, ModuleSettings) { Pattern = "^[ \t]*blacklist[ \t]+udf[ \t]*$" },
            new LinuxProbe(HasNoLine, "/lib/modules/*/modules.builtin", "/usr/lib/modules/*/modules.builtin") { Pattern = "/udf\\.ko" }) { Unless = [UdfDisabled] },
        new(NoSerialConsole, new LinuxProbe(HasNoLine, BootSettings) { Pattern = SerialConsole }, new LinuxProbe(Exists, BootSettings)),
    ];

    private static string[] AzureInit => ["/usr/bin/azure-init", "/usr/sbin/azure-init", "/usr/local/bin/azure-init"];

    private static LinuxProbe Agent(string agent) => new(HasLine, AgentSettings) { Pattern = $"^Provisioning\\.Agent *= *{agent} *$" };

    private static LinuxProbe Distribution(string names) => new(HasLine, "/etc/os-release") { Pattern = $"^ID(_LIKE)?=.*({names})" };
}
