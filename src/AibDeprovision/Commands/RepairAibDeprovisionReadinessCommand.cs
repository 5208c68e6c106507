using System.Management.Automation;
using System.Management.Automation.Host;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Repairing;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Commands;

/// <summary>Repair-AibDeprovisionReadiness: mends on this machine what is in the way of generalizing it, where that is safe.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "AibDeprovisionReadiness", SupportsShouldProcess = true, DefaultParameterSetName = ById)]
[OutputType(typeof(RepairResult))]
public sealed class RepairAibDeprovisionReadinessCommand : StoppableCommand
{
    private const string ById = "Id";
    private const string ByFinding = "Finding";

    private readonly List<Finding> _given = [];
    private Repairs? _repairs;
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>Names of rules; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("RuleId")]
    [ArgumentCompleter(typeof(RepairableRuleCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Findings of Test-AibDeprovisionReadiness.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByFinding)]
    [ValidateNotNull]
    public Finding[] InputObject { get; set; } = [];

    /// <summary>Windows: the longest that the questions to Windows PowerShell may take.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration Timeout { get; set; } = SlowAnswers.Limit;

    /// <inheritdoc/>
    protected override void BeginProcessing() => ForThisCall(() =>
    {
        var name = MyInvocation.MyCommand.Name;
        _repairs = ThisMachine.Here.Windows() is not null ? Repairs.Of(ThisMachine.Here.Windows(name, "Run it on the build VM."), Timeout, StopToken)
            : ThisMachine.Here.LinuxVm() is { } linux ? Repairs.Of(linux, StopToken)
            : throw new AibException(ErrorId.PlatformNotSupported, $"{name} works on the VM itself, and this is neither Windows nor Linux.", "Run it on the build VM.", name);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => _given.AddRange(InputObject);

    // The findings come one by one, and the machine is looked at once for all of them: before the first change.
    /// <inheritdoc/>
    protected override void EndProcessing() => ForThisItemUntilStopped(() =>
    {
        var names = ParameterSetName == ById ? Id : [.. _given.Select(finding => WildcardPattern.Escape(finding.RuleId))];
        List<Rule> rules = [];
        foreach (var name in names)
        {
            ForThisItem(() => rules.AddRange(RuleFilter.Matching(name, _repairs!.Rules, "Get-AibRule -Kind Readiness lists the rules; it has to be one of this system.")), name);
        }
        var meant = rules.Distinct().ToList();
        foreach (var result in _repairs!.Mend(meant, IsMeant, Refusal))
        {
            // Of a pattern, only what was found.
            if (result.Outcome != RepairOutcome.NotNeeded || names.Contains(result.RuleId, StringComparer.OrdinalIgnoreCase))
            {
                WriteObject(result);
            }
        }
    });

    // A finding stands for itself and not for others of its rule; what it says counts only where it is found now.
    private bool IsMeant(Finding found) => ParameterSetName == ById || _given.Exists(given => given.RuleId == found.RuleId && given.File == found.File && given.Evidence == found.Evidence && given.Message == found.Message);

    private string? Refusal(RepairStep step)
    {
        if (!ShouldProcess(step.Target, step.Action))
        {
            return "It was not to be done.";
        }
        if (!step.LosesData || MyInvocation.BoundParameters.ContainsKey("Confirm") || SessionState.PSVariable.GetValue("ConfirmPreference") is ConfirmImpact.None)
        {
            return null;
        }
        try
        {
            return ShouldContinue($"{step.Action}: {step.Target}", "Something is lost by this repair", ref _yesToAll, ref _noToAll) ? null : "It was not to be done.";
        }
        // What hosts without anybody to ask throw: PowerShell's own, and those of programs that host it.
        catch (Exception e) when (e is HostException or InvalidOperationException or NotSupportedException or NotImplementedException)
        {
            return "Something is lost by it, and nobody is here to be asked: give -Confirm:$false to have it done.";
        }
    }
}
