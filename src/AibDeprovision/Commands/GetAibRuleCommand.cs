using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Rules;

namespace AibDeprovision.Commands;

/// <summary>Get-AibRule: the rules by which this module judges machines and images.</summary>
[Cmdlet(VerbsCommon.Get, "AibRule")]
[OutputType(typeof(Rule))]
public sealed class GetAibRuleCommand : AibCommand
{
    /// <summary>Names of rules; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("RuleId")]
    [ArgumentCompleter(typeof(RuleIdCompleter))]
    public string[] Id { get; set; } = ["*"];

    /// <summary>What the rules are about; of several, any.</summary>
    [Parameter]
    public RuleKinds Kind { get; set; } = RuleKinds.Readiness | RuleKinds.Residue | RuleKinds.Failure | RuleKinds.Certification | RuleKinds.Script;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in Id)
        {
            ForThisItem(() => WriteObject(Find(id), enumerateCollection: true));
        }
    }

    private IEnumerable<Rule> Find(string id) =>
        RuleFilter.Matching(id, RuleCatalogue.All, "Get-AibRule without a name lists all rules.").Where(rule => (rule.Kind & Kind) != RuleKinds.None);
}
