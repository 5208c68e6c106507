using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>What can be known before Sysprep runs: an error stops it, a warning is only said.</summary>
internal static class WindowsReadiness
{
    private const string RestartLast = "Make WindowsRestart the last customizer.";
    private const string CleanImage = "Build from a clean image.";
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
        if (machine.RunningOf(SysprepFiles.Programs).Count > 0)
        {
            yield return Error("SysprepRunning", "Sysprep is running already; something started it before.", "Leave Sysprep to this command, or wait for the one that runs.");
        }
        else if (imageState == ImageStates.GeneralizedToOobe)
        {
            yield return Error("AlreadyGeneralized", "The machine is generalized already: a customizer has run Sysprep, and a second run breaks what the first has done.", "Leave Sysprep to the last step of the build.");
        }
        else if (imageState == ImageStates.Undeployable)
        {
            yield return Error("EarlierRunBrokeOff", $"The image state is {imageState} although Sysprep does not run: Setup never ended, or an earlier Sysprep run broke off.", CleanImage);
        }
        else if (SysprepStateReader.GeneralizationState(machine.Registry) is { } state and not ReadyToGeneralize)
        {
            yield return Error("EarlierRunBrokeOff", $"GeneralizationState is {state} instead of {ReadyToGeneralize}: an earlier Sysprep run is half done, and the next one would break on it (0x0f0073).", CleanImage);
        }
        if (machine.Registry.Exists(RebootPendingKey))
        {
            yield return Error("RestartPending", "An update waits for a restart, and Sysprep refuses until then.", RestartLast);
        }
        if (machine.Registry.Exists(RebootRequiredKey))
        {
            yield return Warning("RestartRequired", "Windows Update asks for a restart.", RestartLast);
        }
        foreach (var provider in SysprepProviders.Of(machine).Where(p => p.Breaks))
        {
            yield return Error("ProviderMissing",
                $@"The provider {provider.Leaf} under SysPrepExternal\{provider.Part} is registered, but {provider.Path} is missing; Sysprep would break on it.",
                $"Remove it with -RemoveSysprepProvider {provider.Leaf}.");
        }
        if (machine.IsSystem && (Build(machine.Registry) is not { } build || build >= FirstBuildWithoutSystem))
        {
            yield return Warning("RunningAsSystem", "Running as SYSTEM; Windows 11 24H2, Server 2025 and later do not support Sysprep from SYSTEM (black screen at first logon).",
                "Use runElevated: true without runAsSystem in the customizer.");
        }
    }

    /// <summary>The machine's Windows in words; null where the registry does not say.</summary>
    public static string? DescribeWindows(IRegistry registry) =>
        registry.Value(VersionKey, "ProductName") is string name ? $"{name}, build {registry.Value(VersionKey, "CurrentBuildNumber")}" : null;

    private static int? Build(IRegistry registry) => int.TryParse(registry.Value(VersionKey, "CurrentBuildNumber") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var build) ? build : null;

    private static Finding Error(string rule, string message, string remedy) => new() { RuleId = rule, Severity = Severity.Error, Message = message, Remedy = remedy };

    private static Finding Warning(string rule, string message, string remedy) => new() { RuleId = rule, Severity = Severity.Warning, Message = message, Remedy = remedy };
}
