extern alias bed;

using bed::AibDeprovision.WindowsTests.Scenarios;

namespace AibDeprovision.Tests.WindowsBed;

/// <summary>Every scenario of the Windows bed, one after the other.</summary>
public sealed class WindowsBedTests(WineBed windows) : IClassFixture<WineBed>
{
    /// <summary>Their names.</summary>
    public static TheoryData<string> Names { get; } = [.. ScenarioCatalogue.All.Select(scenario => scenario.Name)];

    /// <summary>A scenario goes as it should.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Scenario_passes_on_Windows(string name)
    {
        var scenario = ScenarioCatalogue.All.Single(scenario => scenario.Name == name);
        var run = windows.Play(name, TimeSpan.FromSeconds(scenario.LimitSeconds));
        Assert.True(run is { ExitCode: 0, Verdict: "PASS" }, $"{name}: {run}");
    }
}
