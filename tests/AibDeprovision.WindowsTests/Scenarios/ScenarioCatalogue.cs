namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>All scenarios. Their names are read on any system; only playing one needs Windows.</summary>
public static class ScenarioCatalogue
{
    /// <summary>Those of the scripts, and of the cmdlet that does all of their work.</summary>
    public static IReadOnlyList<Scenario> Scripts { get; } =
    [
        .. BedScenarios.All,
        .. HardenedScriptScenarios.All,
        .. DefaultScriptScenarios.All,
        .. DeprovisionScenarios.All,
    ];

    /// <summary>Those of the other cmdlets, and of the shell.</summary>
    public static IReadOnlyList<Scenario> Cmdlets { get; } =
    [
        .. PwshScenarios.All,
        .. AgentWaitScenarios.All,
        .. SysprepScenarios.All,
        .. ReadinessScenarios.All,
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. Scripts, .. Cmdlets];
}
