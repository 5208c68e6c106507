using AibDeprovision.Plans;

namespace AibDeprovision.Scripts;

/// <summary>
/// The default scripts that Azure Image Builder's documentation has given over time. There is more than one a platform:
/// the troubleshooting page shows windows-2 and linux-1, the template reference windows-3 and linux-2.
/// The line ends of the file that the service itself writes are not known; here Windows texts have CR LF, Linux texts LF.
/// </summary>
internal static class GenericScripts
{
    /// <summary>The versions of a platform, oldest first.</summary>
    public static IReadOnlyList<string> VersionsOf(DeprovisionPlatform platform) =>
        platform == DeprovisionPlatform.Windows ? ["windows-2", "windows-3"] : ["linux-1", "linux-2"];

    /// <summary>The version that the documentation's template reference gives today.</summary>
    public static string NewestOf(DeprovisionPlatform platform) => VersionsOf(platform)[^1];

    /// <summary>What a version differs in, in a few words.</summary>
    public static string DescriptionOf(string version) => version switch
    {
        "windows-2" => "Guarded telemetry wait; removes Sysprep's unattend.xml only (troubleshooting page).",
        "windows-3" => "Removes unattend.xml of Sysprep and of Panther, and says so (template reference).",
        "linux-1" => "/usr/sbin/waagent only (troubleshooting page).",
        "linux-2" => "waagent from PATH when it answers, else /usr/sbin/waagent (template reference).",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, "Not a documented version."),
    };
}
