using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Scripting;
using AibDeprovision.Scripting.Linux;
using AibDeprovision.Scripting.Windows;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Scripting;

/// <summary>Every rule about scripts, on the samples of its page; and what the project's own scripts and the documented defaults have.</summary>
public sealed class ScriptRuleTests
{
    public static TheoryData<string> Rules => [.. RuleCatalogue.All.Where(rule => rule.Kind == RuleKinds.Script).Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_first_sample_of_a_page_breaks_its_rule_and_the_second_does_not(string id)
    {
        var rule = RuleCatalogue.All.Single(r => r.Id == id);
        var (breaks, keeps) = SamplesOf(id);
        var finding = ScriptChecks.Check(breaks, rule.Platform, null).First(f => f.RuleId == id);
        Assert.Equal((rule.Severity, true, true), (finding.Severity, finding.Line > 0, finding.Column > 0));
        Assert.DoesNotContain('{', finding.Message);
        Assert.DoesNotContain(ScriptChecks.Check(keeps, rule.Platform, null), f => f.RuleId == id);
    }

    [Fact]
    public void A_check_is_one_of_the_catalogue_and_the_other_way_round() =>
        Assert.Equal(
            Rules.Select(row => row.Data).Where(id => id != "ScriptNotRead").Order(StringComparer.Ordinal),
            WindowsScriptChecks.All.Select(c => c.Rule.Id).Concat(LinuxScriptChecks.All.Select(c => c.Rule.Id)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("windows-2", "EndlessServiceWait,EndlessServiceWait,EndlessServiceWait,AnswerFileInOnePlace,EndlessSealWait")]
    [InlineData("windows-3", "EndlessServiceWait,EndlessServiceWait,EndlessServiceWait,EndlessSealWait")]
    [InlineData("linux-1", "WaagentPathFixed,CloudInitStateStays,MachineIdStays,WaagentNotVerified,OneHistoryOnly")]
    [InlineData("linux-2", "CloudInitStateStays,MachineIdStays,WaagentNotVerified,OneHistoryOnly")]
    public void A_documented_default_has_these_findings(string version, string ids)
    {
        var platform = version.StartsWith('w') ? DeprovisionPlatform.Windows : DeprovisionPlatform.Linux;
        var script = ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform, Profile = DeprovisionProfile.Generic, GenericVersion = version });
        Assert.Equal(ids.Split(',').Order(StringComparer.Ordinal), ScriptChecks.Check(script.Content, platform, null).Select(f => f.RuleId).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(DeprovisionPlatform.Windows)]
    [InlineData(DeprovisionPlatform.Linux)]
    public void A_hardened_script_has_no_finding(DeprovisionPlatform platform) =>
        Assert.Empty(ScriptChecks.Check(ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform }).Content, platform, null));

    internal static (string Breaks, string Keeps) SamplesOf(string id)
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "rules", id + ".md")).ReplaceLineEndings("\n");
        var samples = Regex.Matches(page, "^```(?:powershell|sh)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(m => m.Groups["text"].Value.Replace("<CR>", "\r", StringComparison.Ordinal).Replace("<BOM>", "\uFEFF", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, samples.Count);
        return (samples[0], samples[1]);
    }
}
