using System.Management.Automation;
using AibDeprovision.Rules;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Get-AibRule in the real engine.</summary>
public sealed class GetAibRuleTests : IDisposable
{
    private readonly EngineSession _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void It_lists_the_whole_catalogue_in_the_order_of_the_names() =>
        Assert.Equal(RuleCatalogue.All, _engine.Run("Get-AibRule").Objects<Rule>());

    [Theory]
    [InlineData("Get-AibRule sysprep* -Kind Readiness, Failure", new[] { "SysprepError", "SysprepRunning" })]
    [InlineData("Get-AibRule SysprepRunning, machineid", new[] { "SysprepRunning", "MachineId" })]
    [InlineData("Get-AibRule -RuleId StateFile", new[] { "StateFile" })]
    [InlineData("Get-AibRule Nothing*", new string[0])]
    public void Names_choose_with_wildcards_and_in_any_case(string line, string[] ids) =>
        Assert.Equal(ids, _engine.Run(line).Objects<Rule>().Select(rule => rule.Id));

    [Theory]
    [InlineData("Readiness", RuleKinds.Readiness)]
    [InlineData("Residue", RuleKinds.Residue)]
    [InlineData("Readiness, Residue", RuleKinds.Readiness | RuleKinds.Residue)]
    public void The_kind_chooses_and_a_rule_of_two_kinds_is_in_both(string kind, RuleKinds kinds)
    {
        var rules = _engine.Run($"Get-AibRule -Kind {kind}").Objects<Rule>();
        Assert.Equal(RuleCatalogue.All.Where(rule => (rule.Kind & kinds) != RuleKinds.None), rules);
        Assert.Contains(rules, rule => rule.Id == "SysprepRunning");
    }

    [Fact]
    public void Findings_and_rules_come_in_by_the_pipeline()
    {
        Assert.Equal(["MachineId", "RestartPending"], _engine.Run("'MachineId', 'RestartPending' | ForEach-Object { [AibDeprovision.Rules.Finding]@{ RuleId = $_ } } | Get-AibRule").Objects<Rule>().Select(rule => rule.Id));
        Assert.Equal(["StateFile"], _engine.Run("Get-AibRule StateFile | Get-AibRule").Objects<Rule>().Select(rule => rule.Id));
    }

    [Fact]
    public void A_name_that_is_no_rules_is_an_error_and_the_next_has_its_turn()
    {
        var result = _engine.Run("Get-AibRule NoSuchRule, StateFile");
        var error = Assert.Single(result.Errors);
        Assert.Equal(("UnknownRule,AibDeprovision.Commands.GetAibRuleCommand", ErrorCategory.ObjectNotFound, "NoSuchRule"), (error.FullyQualifiedErrorId, error.CategoryInfo.Category, error.TargetObject));
        Assert.Equal("StateFile", Assert.IsType<Rule>(Assert.Single(result.Output).BaseObject).Id);
    }

    [Theory]
    [InlineData("Get-AibRule SysprepR", new[] { "SysprepReboots", "SysprepRunTwice", "SysprepRunning" })]
    [InlineData("Get-AibRule -Kind Failure -Id Sysp", new[] { "SysprepError" })]
    [InlineData("Get-AibRule -Kind Re", new[] { "Readiness", "Residue" })]
    public void Tab_offers_names_and_kinds(string typed, string[] offered) => Assert.Equal(offered, _engine.Complete(typed).Select(completion => completion.ListItemText));
}
