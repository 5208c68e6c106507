namespace AibDeprovision.Plans;

/// <summary>The verdicts that a deprovision can end with, by platform.</summary>
internal static class ExitCodes
{
    private static readonly DeprovisionExitCode[] WindowsOnly =
        [DeprovisionExitCode.AgentServiceMissing, DeprovisionExitCode.AgentServiceNotStarted, DeprovisionExitCode.SysprepNotStarted, DeprovisionExitCode.SysprepNotSealed];

    private static readonly DeprovisionExitCode[] LinuxOnly =
        [DeprovisionExitCode.WaagentNotFound, DeprovisionExitCode.WaagentFailed, DeprovisionExitCode.ResidueLeft];

    /// <summary>Those of a platform, in the order of their numbers.</summary>
    public static IEnumerable<DeprovisionExitCode> Of(DeprovisionPlatform platform) => Enum.GetValues(typeof(DeprovisionExitCode)).Cast<DeprovisionExitCode>()
        .Except(platform == DeprovisionPlatform.Windows ? LinuxOnly : WindowsOnly);
}
