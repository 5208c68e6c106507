extern alias bed;

using bed::AibDeprovision.WindowsTests.Scenarios;

namespace AibDeprovision.Tests.WindowsBed;

/// <summary>The scenarios of the scripts, one after the other on one machine.</summary>
public sealed class WindowsScriptTests(WindowsScriptTests.Machine windows) : IClassFixture<WindowsScriptTests.Machine>
{
    /// <summary>The scenarios' names.</summary>
    public static TheoryData<string> Names { get; } = [.. ScenarioCatalogue.Scripts.Select(scenario => scenario.Name)];

    /// <summary>A scenario goes as it should.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Scenario_passes_on_Windows(string name) => windows.Play(ScenarioCatalogue.Scripts.Single(scenario => scenario.Name == name));

    /// <summary>The machine.</summary>
    public sealed class Machine() : WineBed("scripts");
}

/// <summary>The scenarios of the cmdlets and of the shell, at the same time on another one.</summary>
public sealed class WindowsCmdletTests(WindowsCmdletTests.Machine windows) : IClassFixture<WindowsCmdletTests.Machine>
{
    /// <summary>The scenarios' names.</summary>
    public static TheoryData<string> Names { get; } = [.. ScenarioCatalogue.Cmdlets.Select(scenario => scenario.Name)];

    /// <summary>A scenario goes as it should.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Scenario_passes_on_Windows(string name) => windows.Play(ScenarioCatalogue.Cmdlets.Single(scenario => scenario.Name == name));

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

    /// <summary>The machine.</summary>
    public sealed class Machine() : WineBed("cmdlets");
}
