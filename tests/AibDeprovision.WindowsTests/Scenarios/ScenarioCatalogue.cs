namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>All scenarios. Their names are read on any system; only playing one needs Windows.</summary>
public static class ScenarioCatalogue
{
    /// <summary>The scenarios, by subject.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. BedScenarios.All,
        .. HardenedScriptScenarios.All,
        .. DefaultScriptScenarios.All,
        .. PwshScenarios.All,
        .. AgentWaitScenarios.All,
        .. SysprepScenarios.All,
    ];
}
