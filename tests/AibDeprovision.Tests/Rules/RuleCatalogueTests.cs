using System.Text.RegularExpressions;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Tests.Rules;

/// <summary>The one catalogue: what holds for every rule, and that only what is certain refuses.</summary>
public sealed class RuleCatalogueTests
{
    [Fact]
    public void Every_rule_is_there_once_and_complete()
    {
        Assert.True(RuleCatalogue.All.Count >= 50);
        Assert.Equal(RuleCatalogue.All.Count, RuleCatalogue.All.Select(rule => rule.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(RuleCatalogue.All, rule =>
        {
            Assert.Matches("^[A-Z][A-Za-z]+$", rule.Id);
            Assert.NotEqual(RuleKinds.None, rule.Kind);
            Assert.InRange(rule.Title.Length, 5, 60);
            Assert.False(rule.Title.EndsWith('.'), rule.Title);
            Assert.EndsWith(".", rule.Message, StringComparison.Ordinal);
            Assert.True(rule.Remedy is null || rule.Remedy.EndsWith('.'), rule.Remedy);
            Assert.True(rule.Remedy is not null || rule.Severity == Severity.Information, $"{rule.Id} does not say what to do.");
        });
    }

    [Fact]
    public void Every_field_that_holds_a_rule_is_in_the_catalogue()
    {
        var fields = ((Type[])[typeof(WindowsRules), typeof(WindowsReadinessRules), typeof(LinuxReadinessRules)]).SelectMany(type => type.GetFields()).Where(field => field.FieldType == typeof(Rule)).Select(field => (Rule)field.GetValue(null)!).ToList();
        Assert.True(fields.Count > 10);
        Assert.Empty(fields.Except(RuleCatalogue.All));
    }

    [Fact]
    public void A_rule_of_readiness_names_what_it_prevents_and_a_scenario_that_there_is()
    {
        var scenarios = WindowsScenarios.All.Select(scenario => scenario.Name).Concat(LinuxScenarios.All.Select(scenario => scenario.Name)).ToHashSet();
        Assert.All(RuleCatalogue.All, rule =>
        {
            Assert.True(rule.Kind.HasFlag(RuleKinds.Readiness) == (rule.Prevents is not null), rule.Id);
            Assert.True(rule.Prevents?.EndsWith('.') ?? true, rule.Id);
            Assert.True(rule.Scenario is null || scenarios.Contains(rule.Scenario), $"{rule.Id}: {rule.Scenario}");
        });
    }

    [Fact]
    public void An_error_is_certain_and_what_nobody_has_seen_is_only_told() => Assert.All(RuleCatalogue.All.Where(rule => rule.Kind == RuleKinds.Readiness), rule =>
    {
        Assert.True(rule.Severity != Severity.Error || rule.Certainty == Certainty.Certain, rule.Id);
        Assert.True(rule.Certainty != Certainty.Unsure || rule.Severity == Severity.Information || rule.Id.EndsWith("CheckFailed", StringComparison.Ordinal), rule.Id);
    });

    [Fact]
    public void An_error_is_certain() =>
        Assert.All(RuleCatalogue.All.Where(rule => rule.Severity == Severity.Error), rule => Assert.True(rule.Certainty == Certainty.Certain, rule.Id));

    [Fact]
    public void Only_what_is_certain_refuses_unless_that_is_asked_for()
    {
        foreach (var rule in RuleCatalogue.All)
        {
            Assert.Equal(rule.Severity == Severity.Error, WindowsReadiness.Refuses(rule.Finding(), strict: false));
            Assert.False(WindowsReadiness.Refuses(rule.Finding(), strict: false) && rule.Certainty != Certainty.Certain, rule.Id);
        }
        Assert.Equal(["GeneralizationBrokeOff", "RestartPending", "RestartInProgress"], WindowsChecks.All.Where(check => check.Refuses(strict: true) && !check.Refuses(strict: false)).Select(check => check.Rule.Id));
    }

    [Fact]
    public void Only_a_remedy_names_the_command_that_mends_it() =>
        Assert.All(RuleCatalogue.All, rule => Assert.DoesNotMatch(@"\b[A-Z][a-z]+-Aib", $"{rule.Title} {rule.Message}"));

    [Fact]
    public void A_check_asks_something_and_depends_only_on_checks_before_it()
    {
        var before = new List<Rule>();
        foreach (var check in WindowsChecks.All)
        {
            Assert.NotEmpty(check.Probes);
            Assert.Empty(check.Unless.Except(before));
            Assert.True(check.Rule.Kind.HasFlag(RuleKinds.Readiness));
            before.Add(check.Rule);
        }
    }

    [Fact]
    public void A_healthy_machine_passes_every_check() => Assert.Empty(WindowsReadiness.Check(new SimulatedMachine(new SimulatedVm())));

    [Theory]
    [InlineData(nameof(ProbeKind.ValueIs), "SEVEN", "SEVEN")]
    [InlineData(nameof(ProbeKind.ValueIs), "eight", null)]
    [InlineData(nameof(ProbeKind.ValueIsNot), "eight", "SEVEN")]
    [InlineData(nameof(ProbeKind.ValueIsNot), "seven", null)]
    [InlineData(nameof(ProbeKind.ValueContains), "eve", "SEVEN")]
    [InlineData(nameof(ProbeKind.ValueContains), "x", null)]
    public void A_probe_of_a_value_says_what_it_has_found(string kind, string text, string? found)
    {
        var vm = new SimulatedVm();
        vm.Registry.Set(@"HKLM\SOFTWARE\Contoso", "Number", "SEVEN");
        Assert.Equal(found, new Probe(Enum.Parse<ProbeKind>(kind), @"HKLM\SOFTWARE\Contoso", "Number", text).Ask(new SimulatedMachine(vm)));
        Assert.Null(new Probe(Enum.Parse<ProbeKind>(kind), @"HKLM\SOFTWARE\Contoso", "Missing", text).Ask(new SimulatedMachine(vm)));
        Assert.Null(new Probe(Enum.Parse<ProbeKind>(kind), @"HKLM\SOFTWARE\Missing", "Number", text).Ask(new SimulatedMachine(vm)));
    }

    [Fact]
    public void A_probe_of_a_key_holds_where_the_key_is()
    {
        var machine = new SimulatedMachine(new SimulatedVm());
        Assert.NotNull(new Probe(ProbeKind.KeyExists, SysprepFiles.StateKey).Ask(machine));
        Assert.Null(new Probe(ProbeKind.KeyExists, SysprepFiles.StateKey + @"\Missing").Ask(machine));
    }

    [Fact]
    public void What_was_found_does_not_count_as_a_name_in_braces()
    {
        var finding = WindowsRules.ProviderMissing.Finding(("provider", "{path}"), ("part", "Cleanup"), ("path", "$1"));
        Assert.Equal(@"The provider {path} under SysPrepExternal\Cleanup is registered, but $1 is missing; Sysprep would break on it.", finding.Message);
        Assert.Equal(("ProviderMissing", Severity.Error, WindowsRules.ProviderMissing.HelpUri), (finding.RuleId, finding.Severity, finding.HelpUri));
    }

    [Fact]
    public void The_address_of_a_page_is_made_from_the_projects_or_there_is_none() =>
        Assert.All(RuleCatalogue.All, rule => Assert.True(rule.HelpUri is null || Regex.IsMatch(rule.HelpUri, $"^https://[^ ]+/docs/rules/{rule.Id}\\.md$"), rule.HelpUri));
}
