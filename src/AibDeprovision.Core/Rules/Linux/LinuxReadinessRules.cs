using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// The rules about what can be in the way of waagent, or of the first boot of a VM. An error was read in the source of what fails, or
/// measured; a warning was reported, or depends on which deprovision script runs; the rest is told.
/// </summary>
internal static class LinuxReadinessRules
{
    private const string Hardened = "Use the hardened deprovision script (New-AibDeprovisionScript Linux)";
    private const string TimesOut = "VMs from the image are never set up, and Azure reports OSProvisioningTimedOut.";

    public static readonly Rule NotRoot = New("NotRoot", Severity.Error, Certainty.Certain, "Not root",
        "This does not run as root, and neither would a deprovision.", "Run it by sudo, in an inline Shell step.")
        with { Prevents = "waagent ends at once without having done anything.", Scenario = "not-root" };

    public static readonly Rule AgentMissing = New("AgentMissing", Severity.Error, Certainty.Certain, "There is no waagent",
        "There is no waagent in any of the folders where distributions put it.", "Install it: the package is waagent, walinuxagent or WALinuxAgent.")
        with { Prevents = "The deprovision script ends with status 127: waagent: not found.", Scenario = "agent-missing" };

    public static readonly Rule AgentElsewhere = New("AgentElsewhere", Severity.Warning, Certainty.Certain, "waagent is not in /usr/sbin",
        "waagent is in {found} and not in /usr/sbin, where one of the documented scripts (linux-1) looks for it.", Hardened + ", which finds it, or linux-2 where it is in PATH.")
        with { Prevents = "The documented script linux-1 ends with status 127: /usr/sbin/waagent: not found.", Scenario = "agent-elsewhere" };

    public static readonly Rule AgentWithoutPython = New("AgentWithoutPython", Severity.Warning, Certainty.Certain, "waagent's Python is missing",
        "The program that the first line of {found} names is missing, so that waagent cannot be run by itself.", "Install the Python that it was packaged for; the hardened deprovision script tries others.")
        with { Prevents = "The documented scripts end with status 127.", Scenario = "agent-without-python" };

    public static readonly Rule AgentOutdated = New("AgentOutdated", Severity.Warning, Certainty.Likely, "waagent is too old for Azure",
        "waagent is version {found}, and Azure's own checks of images ask for 2.2.53.1 at least.", "Update its package.")
        with { Prevents = "Extensions are not supported on VMs from the image." };

    public static readonly Rule ProvisioningAgentAbsent = New("ProvisioningAgentAbsent", Severity.Error, Certainty.Certain, "waagent waits for a cloud-init that does not run",
        "By {found} cloud-init sets VMs up, and it is not installed or would not run: waagent waits half an hour for it and gives up.",
        "Set Provisioning.Agent=auto: Repair-AibDeprovisionReadiness ProvisioningAgentAbsent; or install and enable cloud-init.")
        with { Prevents = TimesOut };

    public static readonly Rule ProvisioningAgentConflict = New("ProvisioningAgentConflict", Severity.Warning, Certainty.Likely, "waagent and cloud-init both set up VMs",
        "By {found} waagent itself sets VMs up, and cloud-init is enabled as well: waagent then says 'this is not expected, cannot continue'.",
        "Set Provisioning.Agent=auto: Repair-AibDeprovisionReadiness ProvisioningAgentConflict.")
        with { Prevents = "waagent does not set VMs from the image up." };

    public static readonly Rule ProvisioningOff = New("ProvisioningOff", Severity.Warning, Certainty.Likely, "Nobody reports that a VM is ready",
        "By {found} waagent sets no VM up, and there is no cloud-init that would.", "Set Provisioning.Agent=auto: Repair-AibDeprovisionReadiness ProvisioningOff.")
        with { Prevents = TimesOut };

    public static readonly Rule CloudInitRunning = New("CloudInitRunning", Severity.Warning, Certainty.Likely, "cloud-init is at work",
        "cloud-init is still at work.", "Wait for it at the begin of the build: cloud-init status --wait; the hardened deprovision script waits by itself.")
        with { Prevents = "cloud-init writes again what a deprovision has just removed.", Scenario = "cloud-init-running" };

    public static readonly Rule CloudInitOff = New("CloudInitOff", Severity.Information, Certainty.Likely, "cloud-init is installed and would not run",
        "cloud-init is installed, and would not run at the first boot; waagent sets VMs up then.", "Enable it if that is not meant: remove /etc/cloud/cloud-init.disabled and cloud-init=disabled, and enable its units.")
        with { Prevents = "VMs from the image have none of their user data, keys and network settings." };

    public static readonly Rule CloudInitErrors = New("CloudInitErrors", Severity.Information, Certainty.Likely, "cloud-init had errors",
        "cloud-init had errors on this machine.", "Read /var/log/cloud-init.log; the same may happen on every VM from the image.")
        with { Prevents = "VMs from the image are set up only in part." };

    public static readonly Rule AzureInitToo = New("AzureInitToo", Severity.Information, Certainty.Unsure, "azure-init is enabled",
        "azure-init is enabled ({found}), which sets VMs up in the place of cloud-init and waagent.", "Let only one of them do it.")
        with { Prevents = "Two programs set a VM up, and undo each other's work." };

    public static readonly Rule PackageManagerBusy = New("PackageManagerBusy", Severity.Warning, Certainty.Likely, "A package manager is at work",
        "{found} is at work.", "Wait for it; switch unattended upgrades off for the build. The hardened deprovision script waits by itself.")
        with { Prevents = "Packages are half installed in the image, and locks and logs are left.", Scenario = "package-manager-busy" };

    public static readonly Rule OvfEnvMissing = New("OvfEnvMissing", Severity.Warning, Certainty.Certain, "waagent does not know the provisioned user",
        "There is no {found}, or it names no user: waagent skips the user and ends with 0.", Hardened + ", which finds the user in other ways.")
        with { Prevents = "The build user stays in the image, with its sudo rule.", Scenario = "no-ovf-env" };

    public static readonly Rule OvfEnvMalformed = New("OvfEnvMalformed", Severity.Error, Certainty.Certain, "waagent cannot read ovf-env.xml",
        "{found} is no XML: waagent does nothing at all then, and newer ones end with 0 all the same.", "Look what has written into the file; without it, waagent does all but delete the user.")
        with { Prevents = "Nothing is deprovisioned, and a documented script ends with 0.", Scenario = "malformed-ovf-env" };

    public static readonly Rule NetworkFileMissing = New("NetworkFileMissing", Severity.Warning, Certainty.Certain, "waagent misses a network file",
        "waagent edits {found} on this distribution, and there is none: it gives up with most undone, and may end with 0.", Hardened + ", which lends it one, or put an empty file there.")
        with { Prevents = "Root's password, waagent's state and the build user stay in the image." };

    public static readonly Rule MountedOver = New("MountedOver", Severity.Warning, Certainty.Certain, "Something is mounted over what waagent removes",
        "{found} is a mount point, and waagent cannot replace it: it stops there, and may end with 0.", "Unmount it before the end of the build.")
        with { Prevents = "The build user and more stay in the image.", Scenario = "resolv-conf-busy" };

    public static readonly Rule RootSpaceLow = New("RootSpaceLow", Severity.Information, Certainty.Unsure, "Little space is free",
        "Only {found} MB are free on the root file system.", "Remove what the build has left, or use a bigger disk.")
        with { Prevents = "A deprovision cannot write down what it does, or breaks off half way.", Scenario = "disk-full" };

    public static readonly Rule SshNotListening = New("SshNotListening", Severity.Warning, Certainty.Likely, "Nothing listens for SSH",
        "Nothing listens on port 22, by which Azure Image Builder works.", "Leave sshd as it is until the end of the build.")
        with { Prevents = "The build loses its session: Script disconnected unexpectedly." };

    public static readonly Rule SshDisabled = New("SshDisabled", Severity.Warning, Certainty.Likely, "sshd is not enabled",
        "sshd is installed, and systemd would not start it at the next boot.", "Enable it: systemctl enable ssh (or sshd).")
        with { Prevents = "After a restart the build loses its session, and VMs from the image cannot be reached." };

    public static readonly Rule SshPortChanged = New("SshPortChanged", Severity.Warning, Certainty.Likely, "sshd has another port",
        "{found} gives sshd another port than 22, by which Azure Image Builder works.", "Leave the port as it is until the end of the build.")
        with { Prevents = "The build loses its session at the next start of sshd." };

    public static readonly Rule SshConfigBroken = New("SshConfigBroken", Severity.Error, Certainty.Certain, "sshd refuses its settings",
        "sshd -t refuses the settings, so that sshd will not start again: {found}.", "Correct the line that it names; sshd -t says nothing when all is well.")
        with { Prevents = "VMs from the image cannot be reached, and the build neither after a restart." };

    public static readonly Rule SudoersBroken = New("SudoersBroken", Severity.Warning, Certainty.Likely, "sudo's rules have an error",
        "visudo -c finds an error: {found}.", "Correct the line that it names, by visudo.")
        with { Prevents = "sudo refuses, and Azure Image Builder runs the deprovision script by sudo." };

    public static readonly Rule UdfDisabled = New("UdfDisabled", Severity.Error, Certainty.Certain, "The kernel module udf is disabled",
        "{found} keeps the kernel module udf from being loaded: a VM cannot read the CD with its settings at the first boot.",
        "Leave udf out of the hardening: Repair-AibDeprovisionReadiness UdfDisabled takes the line out.")
        with { Prevents = TimesOut };

    public static readonly Rule UdfBlacklisted = New("UdfBlacklisted", Severity.Warning, Certainty.Likely, "The kernel module udf is blacklisted",
        "{found} blacklists the kernel module udf: a VM may not be able to read the CD with its settings at the first boot.",
        "Leave udf out of the hardening: Repair-AibDeprovisionReadiness UdfBlacklisted takes the line out.")
        with { Prevents = TimesOut };

    public static readonly Rule NoSerialConsole = New("NoSerialConsole", Severity.Information, Certainty.Certain, "The kernel has no serial console",
        "No boot loader's file tells the kernel console=ttyS0 (ttyAMA0 on Arm), so that Azure's serial console and boot log stay empty.", "Add console=ttyS0 (ttyAMA0 on Arm) to the kernel's parameters.")
        with { Prevents = "Where a VM does not come up, nothing says why." };

    public static readonly Rule LinuxCheckFailed = New("LinuxCheckFailed", Severity.Warning, Certainty.Unsure, "Something could not be checked",
        "{what} could not be checked: {reason}.", "Look at it by hand, or leave the rule out with -Exclude.")
        with { Prevents = "What could not be looked at may be in the way." };

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        NotRoot, AgentMissing, AgentElsewhere, AgentWithoutPython, AgentOutdated, ProvisioningAgentAbsent, ProvisioningAgentConflict, ProvisioningOff, CloudInitRunning, CloudInitOff,
        CloudInitErrors, AzureInitToo, PackageManagerBusy, OvfEnvMissing, OvfEnvMalformed, NetworkFileMissing, MountedOver, RootSpaceLow, SshNotListening, SshDisabled, SshPortChanged,
        SshConfigBroken, SudoersBroken, UdfDisabled, UdfBlacklisted, NoSerialConsole, LinuxCheckFailed,
    ];

    private static Rule New(string id, Severity severity, Certainty certainty, string title, string message, string remedy) =>
        new(id, RuleKinds.Readiness, DeprovisionPlatform.Linux, severity, certainty, title, message, remedy);
}
