using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>The checks of a Windows machine that are made of probes, in their order: a script can make them as well.</summary>
internal static class WindowsChecks
{
    /// <summary>The first build on which Sysprep is not supported as SYSTEM: AppX registration is skipped, and the first logon is a black screen.</summary>
    public const int FirstBuildWithoutSystem = 26100;

    private const string ServicingKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing";
    private const string UpdateKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update";
    private const string ServicesKey = @"HKLM\SYSTEM\CurrentControlSet\Services";
    private const string ListenerKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*+HTTPS";
    private const string Disabled = "4";

    // A choice of this project's: how much Sysprep needs is not documented.
    private const string EnoughSpace = "1024";

    private static readonly string[] AgentServices = ["RdAgent", "WindowsAzureGuestAgent"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReadinessCheck> All { get; } =
    [
        new(WindowsRules.SysprepRunning, new Probe(ProbeKind.SysprepRuns)),
        new(WindowsRules.AlreadyGeneralized, ImageState(ImageStates.GeneralizedToOobe),
            new Probe(ProbeKind.ValueIs, SysprepFiles.NextStartKey, "SetupType", "2"), new Probe(ProbeKind.ValueContains, SysprepFiles.NextStartKey, "CmdLine", "windeploy")) { Unless = [WindowsRules.SysprepRunning] },
        new(WindowsRules.SealedStateOnly, ImageState(ImageStates.GeneralizedToOobe)) { Unless = [WindowsRules.SysprepRunning, WindowsRules.AlreadyGeneralized] },
        new(WindowsRules.SetupUnfinished, ImageState(ImageStates.Undeployable)) { Unless = [WindowsRules.SysprepRunning] },
        // The first start leaves 7 on most machines, and Sysprep breaks on some that have another number.
        new(WindowsRules.GeneralizationBrokeOff, new Probe(ProbeKind.ValueIsNot, SysprepFiles.StatusKey, "GeneralizationState", "7"))
            { Unless = [WindowsRules.SysprepRunning, WindowsRules.AlreadyGeneralized, WindowsRules.SetupUnfinished], RefusesWhenStrict = true },
        new(WindowsRules.RestartPending, new Probe(ProbeKind.KeyExists, ServicingKey + @"\RebootPending")) { RefusesWhenStrict = true },
        new(WindowsRules.RestartRequired, new Probe(ProbeKind.KeyExists, UpdateKey + @"\RebootRequired")),
        new(WindowsReadinessRules.RestartInProgress, new Probe(ProbeKind.KeyExists, ServicingKey + @"\RebootInProgress")) { RefusesWhenStrict = true },
        new(WindowsReadinessRules.ServicingSession, new Probe(ProbeKind.ValueIsNot, ServicingKey + @"\SessionsPending", "Exclusive", "0")),
        new(WindowsReadinessRules.ServicingBusy, new Probe(ProbeKind.ProcessRuns, Name: "TiWorker")),
        new(WindowsReadinessRules.ServicingBusy, new Probe(ProbeKind.ProcessRuns, Name: "TrustedInstaller")) { Unless = [WindowsReadinessRules.ServicingBusy] },
        new(WindowsReadinessRules.ReservedStorageInUse, new Probe(ProbeKind.ValueIsNot, @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\ReserveManager", "ActiveScenario", "0")),
        new(WindowsReadinessRules.DefenderOnboarded, new Probe(ProbeKind.ValueIs, @"HKLM\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status", "OnboardingState", "1")),
        new(WindowsReadinessRules.CdromDisabled, Start("cdrom", Disabled)) { ForFirstStart = true },
        new(WindowsReadinessRules.RemovableStorageDenied, new Probe(ProbeKind.ValueIs, @"HKLM\SOFTWARE\Policies\Microsoft\Windows\RemovableStorageDevices", "Deny_All", "1")) { ForFirstStart = true },
        .. OnlyForReadiness(),
    ];

    private static IEnumerable<ReadinessCheck> OnlyForReadiness() =>
    [
        .. SysprepFiles.AnswerFilesBelow.Select(file => Only(WindowsRules.AnswerFile, new Probe(ProbeKind.FileExists, Text: file))),
        Only(WindowsReadinessRules.PendingFileRenames, new Probe(ProbeKind.ValueIsNot, @"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager", "PendingFileRenameOperations", "")),
        .. AgentServices.SelectMany(AgentChecks),
        Only(WindowsReadinessRules.WinRmDisabled, Start("WinRM", Disabled)),
        Only(WindowsReadinessRules.WinRmListenerMissing, new Probe(ProbeKind.KeyMissing, ListenerKey, "HTTPS")),
        Only(WindowsReadinessRules.WinRmPortChanged, new Probe(ProbeKind.ValueIsNot, ListenerKey, "Port", "5986")),
        Only(WindowsReadinessRules.DomainMember, new Probe(ProbeKind.ValueIsNot, ServicesKey + @"\Tcpip\Parameters", "Domain", "")),
        Only(WindowsReadinessRules.DiskSpaceLow, new Probe(ProbeKind.FreeBelow, Text: EnoughSpace)),
    ];

    // What a mounted image says of the agent's start counts for little: Sysprep itself leaves its services disabled until the first start.
    private static IEnumerable<ReadinessCheck> AgentChecks(string service) =>
    [
        Only(WindowsReadinessRules.AgentServiceMissing, new Probe(ProbeKind.KeyMissing, $@"{ServicesKey}\{service}", service)),
        Only(WindowsReadinessRules.AgentServiceDisabled, new Probe(ProbeKind.ServiceDisabled, Name: service)),
        Only(WindowsReadinessRules.AgentServiceStaysOff, new Probe(ProbeKind.ServiceRuns, Name: service), Start(service, Disabled)),
    ];

    private static ReadinessCheck Only(Rule rule, params Probe[] probes) => new(rule, probes) { OnlyForReadiness = true };

    private static Probe Start(string service, string type) => new(ProbeKind.ValueIs, $@"{ServicesKey}\{service}", "Start", type);

    private static Probe ImageState(string state) => new(ProbeKind.ValueIs, SysprepFiles.StateKey, "ImageState", state);
}
