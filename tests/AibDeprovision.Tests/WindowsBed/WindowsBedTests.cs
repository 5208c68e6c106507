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

    /// <summary>Ctrl+C at a wait that would go on for minutes gives the prompt back, and pwsh takes the next line.</summary>
    [Fact]
    public void Ctrl_C_during_a_wait_gives_the_prompt_back()
    {
        using var terminal = windows.Open("Stop-Service RdAgent; Wait-AibGuestAgentService -Timeout 300; 'ended ' + 'by itself'");
        terminal.WaitFor("RdAgent is Stopped");
        terminal.Type("\x03");
        terminal.WaitFor(@"PS C:\>");
        terminal.Type("exit 5\r");
        Assert.Equal(5, terminal.WaitForExit());
        Assert.DoesNotContain("ended by itself", terminal.Screen, StringComparison.Ordinal);
    }
}
