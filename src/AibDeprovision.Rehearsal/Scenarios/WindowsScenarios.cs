using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>The simulated Windows build-VM scenarios; docs/rehearsal-scenarios.md has a section for each.</summary>
internal static class WindowsScenarios
{
    private const string Agent = "RdAgent";
    private const string GuestAgent = "WindowsAzureGuestAgent";
    private const string Telemetry = "WindowsAzureTelemetryService";
    private const string SysprepFolder = SimulatedVm.System32 + @"\Sysprep";
    private const string AuditAnswers = "<unattend><settings pass=\"generalize\"><Reseal><Mode>Audit</Mode></Reseal></settings></unattend>";

    /// <summary>All of them, in the order of a build.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. AgentScenarios(), .. MachineScenarios(), .. SysprepScenarios(), .. LeftOverScenarios()];

    /// <summary>The one of a name; null when there is none.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);

    private static IEnumerable<Scenario> AgentScenarios() =>
    [
        new("agent-present", "All is well: the agent and its telemetry service run, and Sysprep seals in two minutes.",
            vm => vm.Services.Install(Telemetry)),
        new("telemetry-missing", "As today: the agent has its telemetry built in, and there is no WindowsAzureTelemetryService.", _ => { }),
        new("telemetry-stopped", "An older agent whose telemetry service is installed and never comes up.",
            vm => vm.Services.Install(Telemetry, ServiceStatus.Stopped).StartsWithin = null),
        new("agent-late", "A fast build: the agent is only installed after four minutes and runs half a minute later.", vm => AgentAfter(vm, TimeSpan.FromMinutes(4))),
        new("agent-missing", "The agent was never installed, or a customizer has removed it.", vm =>
        {
            vm.Services.Remove(Agent);
            vm.Services.Remove(GuestAgent);
        }),
        new("agent-never-runs", "The guest agent is installed and falls back to Stopped whenever it is started.", vm =>
        {
            vm.Services.Set(GuestAgent, ServiceStatus.Stopped);
            vm.Services.Find(GuestAgent)!.StartsWithin = null;
        }),
        new("agent-stopped", "The guest agent is stopped and runs as soon as somebody starts it.", vm => vm.Services.Set(GuestAgent, ServiceStatus.Stopped)),
        new("agent-disabled", "A customizer has disabled RdAgent.", vm =>
        {
            vm.Services.Set(Agent, ServiceStatus.Stopped);
            vm.Services.SetStartType(Agent, ServiceStartType.Disabled);
        }),
        new("agent-flapping", "The agent updates itself: it stops and starts every twenty seconds for three minutes.", Flap),
    ];

    private static IEnumerable<Scenario> MachineScenarios() =>
    [
        new("not-elevated", "The customizer does not run elevated.", vm => vm.User = SimulatedUser.NotElevated),
        new("as-system", "The customizer runs as SYSTEM, which Sysprep does not support from build 26100 on.", vm => vm.User = SimulatedUser.System),
        new("clock-jumps-ahead", "The VM's clock is set seven hours ahead while the script waits.",
            vm => vm.Clock.After(TimeSpan.FromSeconds(20), () => vm.Clock.JumpBy(TimeSpan.FromHours(7)))),
        new("clock-jumps-back", "The VM's clock is set nine hours back while the script waits.",
            vm => vm.Clock.After(TimeSpan.FromSeconds(20), () => vm.Clock.JumpBy(TimeSpan.FromHours(-9)))),
        new("state-key-missing", "The registry key with the image state is not there until Sysprep makes it.", vm => vm.Registry.Delete(SimulatedVm.SetupKey + @"\State")),
        new("disk-full", "The disk is full: Sysprep breaks half way, and its logs end before that.", vm =>
        {
            vm.Files.IsDiskFull = true;
            vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        }),
    ];

    private static IEnumerable<Scenario> SysprepScenarios() =>
    [
        new("sysprep-slow", "Sysprep takes forty minutes and seals.", vm => vm.Sysprep.Duration = TimeSpan.FromMinutes(40)),
        new("sysprep-hands-over", "Sysprep.exe ends early, and SetupHost.exe goes on for ten minutes and seals.", vm =>
        {
            vm.Sysprep.HandsOver = true;
            vm.Sysprep.Duration = TimeSpan.FromMinutes(10);
        }),
        new("sysprep-long-undeployable", "Sysprep generalizes and then cleans up for twenty-five minutes; the state is undeployable all the while.",
            vm => vm.Sysprep.Duration = TimeSpan.FromMinutes(25)),
        new("sysprep-hangs", "Sysprep never ends.", vm => vm.Sysprep.Ending = SysprepEnding.Hangs),
        new("sysprep-missing", "There is no Sysprep.exe.", vm => vm.Files.Delete(SimulatedSysprep.Path)),
        new("sysprep-blocked", "A policy keeps Sysprep.exe from being started.",
            vm => vm.Sysprep.StartFailure = "This program is blocked by group policy. For more information, contact your system administrator."),
        new("sysprep-running", "Something started Sysprep a moment before the script.",
            vm => vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"])),
        Refuses("refused-appx", "Sysprep refuses: an app is installed for one user and not provisioned for all.",
            vm =>
            {
                vm.UserApps.Add("Contoso.Notes_1.4.0.0_x64__8wekyb3d8bbwe");
                vm.Sysprep.IsMended = () => vm.UserApps.Count == 0;
            },
            new SysprepError(null, "Package Contoso.Notes_1.4.0.0_x64__8wekyb3d8bbwe was installed for a user, but not provisioned for all users. This package will not function properly in the sysprep image."),
            new SysprepError(null, "Failed to remove apps for the current user: 0x80073cf2.")),
        Refuses("refused-bitlocker", "Sysprep refuses: the disk is encrypted, though protection is off.",
            vm =>
            {
                vm.Encryption = DiskEncryption.FullyEncrypted;
                vm.Sysprep.IsMended = () => vm.Encryption == DiskEncryption.FullyDecrypted;
            },
            new SysprepError("0x0f0082", "BitLocker-Sysprep: BitLocker is on for the OS volume. Turn BitLocker off to run Sysprep. (0x80310039)")),
        Refuses("refused-reserved-storage", "Sysprep refuses: an update uses reserved storage.",
            _ => { },
            new SysprepError("0x0f0082", "Sysprep_Clean_Validate_Opk: Audit mode cannot be turned on if reserved storage is in use. An update or servicing operation may be using reserved storage.; hr = 0x800F0975")),
        new("refused-restart-pending", "An update waits for a restart, and Sysprep refuses until then.", vm => vm.Registry.Create(SimulatedVm.RebootPendingKey)),
        new("restart-pending-harmless", "An update waits for a restart, and Sysprep seals all the same.", vm =>
        {
            vm.Registry.Create(SimulatedVm.RebootPendingKey);
            vm.Sysprep.MindsPendingRestart = false;
        }),
        new("dies-half-way", "Defender for Endpoint protects its keys: generalizing breaks off, and the state stays undeployable.", vm =>
        {
            vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
            vm.Sysprep.Errors = [new(null, @"Error from RegDeleteValueW for value senseGuid under key SOFTWARE\Microsoft\Windows Advanced Threat Protection; dwRet = 0x5")];
        }),
        new("dies-without-a-word", "Sysprep breaks off half way and logs nothing about it.", vm =>
        {
            vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
            vm.Sysprep.Errors = [];
        }),
        new("provider-missing", "An agent update has removed the DLL of a registered Sysprep provider.", vm => vm.Files.Delete(SimulatedVm.System32 + @"\VMAgentDisabler.dll")),
        new("rearm-used-up", "Windows cannot be rearmed any more.", vm => vm.Sysprep.RearmsLeft = 0),
        new("reseal-to-audit", "Sysprep seals the machine for audit mode.", vm => vm.Sysprep.Ending = SysprepEnding.SealsToAudit),
    ];

    private static IEnumerable<Scenario> LeftOverScenarios() =>
    [
        new("earlier-run-broke-off", "An earlier Sysprep run broke off: undeployable from the start, with its errors in the logs.", vm =>
        {
            vm.ImageState = ImageStates.Undeployable;
            vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", 3);
            vm.Files.Write(SysprepFolder + @"\Panther\setuperr.log", "2025-11-02 08:14:09, Error      [0x0f0082] SYSPRP LaunchDll:Failure of an earlier run\r\n");
        }),
        new("earlier-run-half-done", "An earlier Sysprep run is half done, and only GeneralizationState says so: the image state is that of a machine that can be generalized.",
            vm => vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", 3)),
        new("first-start-unfinished", "OOBE was never gone through on the source machine: GeneralizationState is 4 and the image state says sealed, the next start is a plain one, and Sysprep seals all the same.", vm =>
        {
            vm.ImageState = ImageStates.GeneralizedToOobe;
            vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", 4);
            vm.Sysprep.MindsEarlierRun = false;
        }),
        new("earlier-run-sealed", "A customizer has run Sysprep already: the state says sealed, the next start goes into OOBE, and a second run breaks.", vm =>
        {
            vm.ImageState = ImageStates.GeneralizedToOobe;
            vm.IsSealed = true;
            vm.Sysprep.SetNextStart(2, @"oobe\windeploy.exe");
            vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", 4);
            vm.Files.Write(SysprepFolder + @"\Sysprep_succeeded.tag", "");
        }),
        new("old-success-tag", "The success tag of an earlier image is still there, and Sysprep dies half way.", vm =>
        {
            vm.Files.Write(SysprepFolder + @"\Sysprep_succeeded.tag", "");
            vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        }),
        new("unattend-in-sysprep", @"An answer file that asks for audit mode lies in System32\Sysprep.", vm => vm.Files.Write(SysprepFolder + @"\unattend.xml", AuditAnswers)),
        new("unattend-in-panther", "An answer file that asks for audit mode lies in Panther.", vm => vm.Files.Write(SimulatedVm.Windows + @"\Panther\unattend.xml", AuditAnswers)),
    ];

    private static Scenario Refuses(string name, string description, Action<SimulatedVm> arrange, params SysprepError[] errors) => new(name, description, vm =>
    {
        arrange(vm);
        vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        vm.Sysprep.Errors = errors;
    });

    private static void AgentAfter(SimulatedVm vm, TimeSpan delay)
    {
        foreach (var name in new[] { Agent, GuestAgent })
        {
            vm.Services.Remove(name);
            vm.Clock.After(delay, () => vm.Services.Install(name, ServiceStatus.StartPending));
            vm.Clock.After(delay + TimeSpan.FromSeconds(30), () => vm.Services.Set(name, ServiceStatus.Running));
        }
    }

    private static void Flap(SimulatedVm vm)
    {
        vm.Services.Set(Agent, ServiceStatus.Stopped);
        for (var n = 1; n <= 9; n++)
        {
            var status = n % 2 == 1 ? ServiceStatus.Running : ServiceStatus.Stopped;
            vm.Clock.After(TimeSpan.FromSeconds(20 * n), () => vm.Services.Set(Agent, status));
        }
    }
}
