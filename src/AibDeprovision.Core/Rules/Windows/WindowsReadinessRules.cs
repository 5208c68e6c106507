using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Windows;

/// <summary>
/// The rules about what can be in the way of Sysprep, or of the first start of a VM, besides those that every deprovision asks for
/// (see <see cref="WindowsRules"/>). An error is documented by the maker of what fails; a warning was reported; the rest is told.
/// </summary>
internal static class WindowsReadinessRules
{
    private const string RestartLast = "Make WindowsRestart the last customizer.";
    private const string RestartAfterwards = "Wait until updates are done, then restart: make WindowsRestart the last customizer.";

    /// <summary>The servicing stack says so.</summary>
    public static readonly Rule RestartInProgress = New("RestartInProgress", Severity.Warning, Certainty.Likely, "An update is finished by the next start",
        "The servicing stack is in the midst of an update that the next start finishes, and Sysprep may refuse until then.", RestartLast)
        with { Prevents = "Sysprep's validation refuses, as updates require a restart.", Scenario = "refused-restart-pending" };

    /// <summary>The servicing stack says so.</summary>
    public static readonly Rule ServicingSession = New("ServicingSession", Severity.Warning, Certainty.Likely, "A servicing session is open",
        "A session of the servicing stack is open (Exclusive is {found}), and Sysprep may refuse until it is over.", RestartAfterwards)
        with { Prevents = "Sysprep's validation refuses, as updates require a restart." };

    /// <summary>Sysprep's own log has it as a warning in runs that sealed.</summary>
    public static readonly Rule PendingFileRenames = New("PendingFileRenames", Severity.Information, Certainty.Certain, "Files wait for a restart",
        "Files are to be renamed or deleted by the next start. Sysprep notes that and goes on.", RestartLast)
        with { Prevents = "An installer's work is finished only on the VMs made from the image." };

    /// <summary>It may be only about to end.</summary>
    public static readonly Rule ServicingBusy = New("ServicingBusy", Severity.Warning, Certainty.Likely, "Updates are at work",
        "The servicing stack is at work ({found}), and Sysprep may fail to ask it for what is pending (0x80080005).", RestartAfterwards)
        with { Prevents = "Sysprep's validation fails while the servicing stack does not answer." };

    /// <summary>The registry's side of it was read at second hand.</summary>
    public static readonly Rule ReservedStorageInUse = New("ReservedStorageInUse", Severity.Warning, Certainty.Likely, "Reserved storage is in use",
        "Reserved storage is in use (ActiveScenario is {found}), and Sysprep may refuse with 0x800F0975.", "Install all updates and restart; then, if it stays: dism /online /Cleanup-Image /StartComponentCleanup, and Set-WindowsReservedStorageState -State Disabled.")
        with { Prevents = "Sysprep's validation refuses, as reserved storage is in use." };

    /// <summary>Some machines that are onboarded seal.</summary>
    public static readonly Rule DefenderOnboarded = New("DefenderOnboarded", Severity.Warning, Certainty.Likely, "Defender for Endpoint is onboarded",
        "Defender for Endpoint is onboarded here, and may keep Sysprep from removing senseGuid (0x80070005).", "Keep the build VM from being onboarded: tag it ExcludeMdeAutoProvisioning=True, or exclude it in Defender for Cloud; else offboard it before Sysprep.")
        with { Prevents = "Generalizing breaks half way with access denied, and the machine is undeployable.", Scenario = "dies-half-way" };

    /// <summary>Azure's own page on generalizing: expected 1, and 4 leaves VMs in OOBE.</summary>
    public static readonly Rule CdromDisabled = New("CdromDisabled", Severity.Error, Certainty.Certain, "The CD-ROM driver is disabled",
        "The CD-ROM driver is disabled: a VM reads its settings from a virtual CD at the first start, and stays in OOBE without.", @"Enable it: Repair-AibDeprovisionReadiness CdromDisabled, or reg add HKLM\SYSTEM\CurrentControlSet\Services\cdrom /v start /t REG_DWORD /d 1 /f.")
        with { Prevents = "VMs from the image stay in OOBE, and Azure reports OSProvisioningTimedOut." };

    /// <summary>Azure's own page on generalizing says to verify it, and not what comes of it.</summary>
    public static readonly Rule RemovableStorageDenied = New("RemovableStorageDenied", Severity.Warning, Certainty.Likely, "A policy denies removable storage",
        "A policy denies all access to removable storage, and a VM may not get at the virtual CD with its settings at the first start.", "Take the policy 'All Removable Storage classes: Deny all access' back, and let it reach the VMs after their first start.")
        with { Prevents = "VMs from the image stay in OOBE, and Azure reports OSProvisioningTimedOut." };

    /// <summary>One report.</summary>
    public static readonly Rule ProviderHidden = New("ProviderHidden", Severity.Warning, Certainty.Likely, "A Sysprep provider's DLL is hidden",
        @"The provider {provider} under SysPrepExternal\{part} has the hidden attribute ({path}); Sysprep has been seen not to load such a DLL.", "Take the attribute from it: Repair-AibDeprovisionReadiness ProviderHidden, or attrib -h.")
        with { Prevents = "Sysprep cannot load the DLL (0x0f0085) and leaves the machine undeployable half way." };

    /// <summary>It may come in the next minute.</summary>
    public static readonly Rule AgentServiceMissing = New("AgentServiceMissing", Severity.Warning, Certainty.Likely, "A service of the guest agent is missing",
        "The service {found} of the guest agent is not installed: on a fast build it may come later, and without it no wait for it ends.", "Put a step of 60 s before the end of the build, or use a bigger VM; where a customizer removes the agent, leave it.")
        with { Prevents = "The documented script waits for the service until the build's time limit.", Scenario = "agent-missing" };

    /// <summary>Nobody can start it.</summary>
    public static readonly Rule AgentServiceDisabled = New("AgentServiceDisabled", Severity.Error, Certainty.Certain, "A service of the guest agent is disabled",
        "The service {found} of the guest agent is disabled and does not run, so it cannot start: the wait for it never succeeds.", "Enable it: Repair-AibDeprovisionReadiness AgentServiceDisabled, or sc.exe config {found} start= auto; and look which customizer disables it.")
        with { Prevents = "The documented script waits for the service until the build's time limit.", Scenario = "agent-disabled" };

    /// <summary>The cause is from reports.</summary>
    public static readonly Rule AgentServiceStaysOff = New("AgentServiceStaysOff", Severity.Warning, Certainty.Likely, "A service of the guest agent will not start again",
        "The service {found} of the guest agent runs, and is disabled for the next start.", "Enable it: Repair-AibDeprovisionReadiness AgentServiceStaysOff, or sc.exe config {found} start= auto.")
        with { Prevents = "Extensions time out on VMs from the image, as their agent does not run." };

    /// <summary>Azure Image Builder's documentation asks for WinRM, and what a build says then is from reports.</summary>
    public static readonly Rule WinRmDisabled = New("WinRmDisabled", Severity.Warning, Certainty.Likely, "WinRM is disabled",
        "The service WinRM is disabled for the next start, and Azure Image Builder works over it.", "Leave WinRM as it is until the end of the build; Repair-AibDeprovisionReadiness WinRmDisabled enables it.")
        with { Prevents = "After the next WindowsRestart the build loses its session." };

    /// <summary>Packer alone may have been told to use another one.</summary>
    public static readonly Rule WinRmListenerMissing = New("WinRmListenerMissing", Severity.Warning, Certainty.Likely, "WinRM has no HTTPS listener",
        "WinRM has no listener for HTTPS, by which Azure Image Builder works on port 5986.", "Leave WinRM's listeners as they are until the end of the build.")
        with { Prevents = "The build loses its session, and its log ends with a timeout." };

    /// <summary>Packer alone may have been told to use another one.</summary>
    public static readonly Rule WinRmPortChanged = New("WinRmPortChanged", Severity.Warning, Certainty.Likely, "WinRM listens on another port",
        "WinRM's listener for HTTPS is on port {found} instead of 5986.", "Leave WinRM's listeners as they are until the end of the build.")
        with { Prevents = "The build loses its session, and its log ends with a timeout." };

    /// <summary>A suffix can be set by hand.</summary>
    public static readonly Rule DomainMember = New("DomainMember", Severity.Information, Certainty.Unsure, "The machine may be in a domain",
        "The machine has the primary DNS suffix {found}, as members of a domain have. Sysprep takes a machine out of its domain.", "Join VMs to the domain, and not their image.")
        with { Prevents = "Policies of the domain undo settings of the build, and VMs share what was left of the account." };

    /// <summary>How much Sysprep needs is not documented.</summary>
    public static readonly Rule DiskSpaceLow = New("DiskSpaceLow", Severity.Information, Certainty.Unsure, "Little space is free",
        "Only {found} MB are free on the drive of Windows.", "Remove what the build has left, or use a bigger disk.")
        with { Prevents = "Sysprep breaks half way, and its log ends before the cause.", Scenario = "disk-full" };

    /// <summary>It may be meant for the image.</summary>
    public static readonly Rule ShutdownTask = New("ShutdownTask", Severity.Information, Certainty.Unsure, "A scheduled task runs shutdown",
        "The scheduled task {found} runs shutdown.exe.", "Remove the task if the build has made it: Unregister-ScheduledTask.")
        with { Prevents = "The VM is shut down while Sysprep works, or every VM from the image is." };

    /// <summary>Which of such packages Sysprep lets pass is not documented.</summary>
    public static readonly Rule AppxNotProvisioned = New("AppxNotProvisioned", Severity.Warning, Certainty.Likely, "An app is installed for a user and not provisioned",
        "The app {found} is installed for a user, but not provisioned for all users; Sysprep may refuse with 0x80073cf2.", "Remove it: Repair-AibDeprovisionReadiness AppxNotProvisioned, or Remove-AppxPackage -AllUsers -Package {found}; and switch the Store's updates off at the begin of the build.")
        with { Prevents = "Sysprep's validation refuses: the package was installed for a user, but not provisioned for all users." };

    /// <summary>Sysprep's own words, and those of the error that it gives.</summary>
    public static readonly Rule BitLockerOn = New("BitLockerOn", Severity.Error, Certainty.Certain, "The drive of Windows is not fully decrypted",
        "BitLocker has the drive of Windows not fully decrypted (conversion status {found}); Sysprep refuses that, protected or not (0x80310039).", "Decrypt it: manage-bde -off {drive}, and wait until manage-bde -status says Fully Decrypted; set PreventDeviceEncryption to 1 at the begin of the build.")
        with { Prevents = "Sysprep's validation refuses: BitLocker is on for the OS volume." };

    /// <summary>From Windows 8.1 on there are 1001 of them.</summary>
    public static readonly Rule RearmsUsedUp = New("RearmsUsedUp", Severity.Warning, Certainty.Likely, "Windows cannot be rearmed any more",
        "Windows has no rearm left, and generalizing needs one (0xc004d307).", "Build from an image that was generalized less often.")
        with { Prevents = "Generalizing breaks half way, as Windows cannot be rearmed.", Scenario = "rearm-used-up" };

    /// <summary>From one project, which has mended it so.</summary>
    public static readonly Rule AdministratorMustChangePassword = New("AdministratorMustChangePassword", Severity.Warning, Certainty.Likely, "The built-in Administrator has no valid password",
        "The built-in Administrator ({found}) is enabled and must change its password at the next logon.", "Disable-LocalUser Administrator, or give it a password that does not expire, before Sysprep.")
        with { Prevents = "VMs from the image stay in OOBE, now and then." };

    /// <summary>Not seen yet.</summary>
    public static readonly Rule AdministratorLocked = New("AdministratorLocked", Severity.Information, Certainty.Unsure, "The built-in Administrator is locked out",
        "The built-in Administrator ({found}) is locked out.", "Unlock it before Sysprep, or wait until the lockout is over.")
        with { Prevents = "OOBE cannot use the account on VMs from the image." };

    /// <summary>It is no answer.</summary>
    public static readonly Rule WindowsCheckFailed = New("WindowsCheckFailed", Severity.Warning, Certainty.Unsure, "Something could not be checked",
        "{what} could not be checked: {reason}.", "Look at it by hand, or leave the rule out with -Exclude.")
        with { Prevents = "What could not be looked at may be in the way." };

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        RestartInProgress, ServicingSession, PendingFileRenames, ServicingBusy, ReservedStorageInUse, DefenderOnboarded, CdromDisabled,
        RemovableStorageDenied, ProviderHidden, AgentServiceMissing, AgentServiceDisabled, AgentServiceStaysOff, WinRmDisabled, WinRmListenerMissing,
        WinRmPortChanged, DomainMember, DiskSpaceLow, ShutdownTask, AppxNotProvisioned, BitLockerOn, RearmsUsedUp, AdministratorMustChangePassword,
        AdministratorLocked, WindowsCheckFailed,
    ];

    private static Rule New(string id, Severity severity, Certainty certainty, string title, string message, string remedy) =>
        new(id, RuleKinds.Readiness, DeprovisionPlatform.Windows, severity, certainty, title, message, remedy);
}
