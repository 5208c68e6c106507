using System.Text.RegularExpressions;
using AibDeprovision.Rehearsal;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>The named scenarios and their page.</summary>
public sealed partial class ScenarioCatalogueTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rehearsal-scenarios.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_page_has_a_section_for_every_scenario_in_their_order_and_none_besides()
    {
        Assert.True(WindowsScenarios.All.Count >= 24);
        Assert.Equal(WindowsScenarios.All.Select(s => s.Name), Sections().Keys);
        Assert.All(WindowsScenarios.All, s => Assert.StartsWith($"\n\n{s.Description}\n\n", Sections()[s.Name], StringComparison.Ordinal));
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
        Assert.All(done, r => Assert.Contains($"\n{r.Text}\n", Sections()[r.Scenario], StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Sections()
    {
        var parts = Heading().Split(Page);
        return Enumerable.Range(0, parts.Length / 2).ToDictionary(n => parts[(2 * n) + 1], n => parts[(2 * n) + 2]);
    }

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
