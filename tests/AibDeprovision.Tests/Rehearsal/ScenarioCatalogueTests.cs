using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>The named scenarios and their page.</summary>
public sealed partial class ScenarioCatalogueTests
{

    [Fact]
    public void The_page_has_a_section_for_every_scenario_in_their_order_and_none_besides()
    {
        Assert.True(WindowsScenarios.All.Count >= 24);
        AssertPage("rehearsal-scenarios.md", WindowsScenarios.All.Select(s => (s.Name, s.Description)));
        AssertPage("rehearsal-scenarios-linux.md", LinuxRehearsal.Scenarios.Select(s => (s.Name, s.Description)));
    }

    [Theory]
    [InlineData("hardened", null)]
    [InlineData("windows-3", "windows-3")]
    public void The_page_says_what_the_scripts_do(string label, string? version)
    {
        var plan = version is null ? new DeprovisionPlan() : new DeprovisionPlan { Profile = DeprovisionProfile.Generic, GenericVersion = version };
        var text = ScriptGenerator.Generate(plan).Content;
        var done = WindowsRehearsal.Run(text, WindowsScenarios.All, TimeSpan.FromMinutes(240), new SandboxLimits(), TestContext.Current.CancellationToken)
            .Select(r => (r.Scenario, Text: $"- {label}: {r.Outcome}{(r.ExitCode is { } code ? $", exit code {code}" : "")}, {r.VirtualTime:hh\\:mm\\:ss}"));
        Assert.All(done, r => Assert.Contains($"\n{r.Text}\n", SectionsOf("rehearsal-scenarios.md")[r.Scenario], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hardened", null)]
    [InlineData("linux-2", "linux-2")]
    public void The_page_says_what_the_Linux_scripts_do(string label, string? version)
    {
        Assert.False(Toolbox.Required && LinuxRehearsal.Unavailable is not null, LinuxRehearsal.Unavailable);
        Assert.SkipWhen(LinuxRehearsal.Unavailable is not null, LinuxRehearsal.Unavailable ?? "");
        var plan = new DeprovisionPlan { Platform = DeprovisionPlatform.Linux, Profile = version is null ? DeprovisionProfile.Hardened : DeprovisionProfile.Generic, GenericVersion = version };
        var text = ScriptGenerator.Generate(plan).Content;
        foreach (var scenario in LinuxRehearsal.Scenarios)
        {
            var done = LinuxRehearsal.Run(text, scenario, TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);
            Assert.Contains($"\n- {label}: {done.Outcome}{(done.ExitCode is { } code ? $", exit code {code}" : "")}\n",
                SectionsOf("rehearsal-scenarios-linux.md")[scenario.Name], StringComparison.Ordinal);
        }
    }

    private static void AssertPage(string page, IEnumerable<(string Name, string Description)> scenarios)
    {
        var sections = SectionsOf(page);
        Assert.Equal(scenarios.Select(s => s.Name), sections.Keys);
        Assert.All(scenarios, s => Assert.StartsWith($"\n\n{s.Description}\n\n", sections[s.Name], StringComparison.Ordinal));
    }

    private static Dictionary<string, string> SectionsOf(string page)
    {
        var parts = Heading().Split(File.ReadAllText(Repository.PathOf("docs", page)).ReplaceLineEndings("\n"));
        return Enumerable.Range(0, parts.Length / 2).ToDictionary(n => parts[(2 * n) + 1], n => parts[(2 * n) + 2]);
    }

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
