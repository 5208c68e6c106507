using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>The checks of a Windows machine that a script can make as well, in their order.</summary>
internal static class WindowsChecks
{
    /// <summary>The first build on which Sysprep is not supported as SYSTEM: AppX registration is skipped, and the first logon is a black screen.</summary>
    public const int FirstBuildWithoutSystem = 26100;

    private const string ServicingKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing";
    private const string UpdateKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update";

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
    ];

    private static Probe ImageState(string state) => new(ProbeKind.ValueIs, SysprepFiles.StateKey, "ImageState", state);
}
