using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>What can be known before Sysprep runs: an error stops it, a warning is only said.</summary>
internal static class WindowsReadiness
{
    private const string RebootPendingKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending";
    private const string RebootRequiredKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired";
    private const string VersionKey = @"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";

    /// <summary>The first build on which Sysprep is not supported as SYSTEM: AppX registration is skipped, and the first logon is a black screen.</summary>
    private const int FirstBuildWithoutSystem = 26100;

    /// <summary>The GeneralizationState in which the first start leaves every Windows. Sysprep begins in no other, and breaks only once the machine is undeployable.</summary>
    private const int ReadyToGeneralize = 7;

    /// <summary>Looks at the machine and changes nothing.</summary>
    public static IEnumerable<Finding> Check(IWindowsMachine machine)
    {
        var imageState = SysprepStateReader.ImageState(machine.Registry);
        var running = machine.RunningOf(SysprepFiles.Programs);
        if (running.Count > 0)
        {
            yield return WindowsRules.SysprepRunning.Finding(("found", string.Join(", ", running)));
        }
        else if (imageState == ImageStates.GeneralizedToOobe)
        {
            yield return WindowsRules.AlreadyGeneralized.Finding();
        }
        else if (imageState == ImageStates.Undeployable)
        {
            yield return WindowsRules.SetupUnfinished.Finding(("found", imageState));
        }
        else if (SysprepStateReader.GeneralizationState(machine.Registry) is { } state and not ReadyToGeneralize)
        {
            yield return WindowsRules.GeneralizationBrokeOff.Finding(("found", state.ToString(CultureInfo.InvariantCulture)));
        }
        if (machine.Registry.Exists(RebootPendingKey))
        {
            yield return WindowsRules.RestartPending.Finding();
        }
        if (machine.Registry.Exists(RebootRequiredKey))
        {
            yield return WindowsRules.RestartRequired.Finding();
        }
        foreach (var provider in SysprepProviders.Of(machine).Where(p => p.Breaks))
        {
            yield return WindowsRules.ProviderMissing.Finding(("provider", provider.Leaf), ("part", provider.Part), ("path", provider.Path));
        }
        if (machine.IsSystem && (Build(machine.Registry) is not { } build || build >= FirstBuildWithoutSystem))
        {
            yield return WindowsRules.RunningAsSystem.Finding();
        }
    }

    /// <summary>The machine's Windows in words; null where the registry does not say.</summary>
    public static string? DescribeWindows(IRegistry registry) =>
        registry.Value(VersionKey, "ProductName") is string name ? $"{name}, build {registry.Value(VersionKey, "CurrentBuildNumber")}" : null;

    private static int? Build(IRegistry registry) => int.TryParse(registry.Value(VersionKey, "CurrentBuildNumber") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var build) ? build : null;
}
