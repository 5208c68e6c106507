using System.Management.Automation;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rules;
using AibDeprovision.Scripting;

namespace AibDeprovision.Commands;

/// <summary>Test-AibDeprovisionScript: finds what is wrong with a deprovision script, without running it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AibDeprovisionScript", DefaultParameterSetName = "Path")]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestAibDeprovisionScriptCommand : ScriptInputCommand
{
    private bool _isClean = true;
    private Finding? _failure;

    /// <summary>Rules to look at; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RuleIdCompleter))]
    public string[] Include { get; set; } = ["*"];

    /// <summary>Rules not to look at; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RuleIdCompleter))]
    public string[] Exclude { get; set; } = [];

    /// <summary>The least severity that is of interest.</summary>
    [Parameter]
    public Severity Severity { get; set; } = Severity.Information;

    /// <summary>Ends with a terminating error after all findings, where one is as severe as this.</summary>
    [Parameter]
    public Severity FailOn { get; set; }

    /// <summary>Answers with a Boolean for all scripts together: whether nothing worse than Information was found.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ForThisCall(() =>
    {
        foreach (var id in Include.Concat(Exclude))
        {
            var pattern = WildcardPattern.Get(id, WildcardOptions.IgnoreCase);
            if (!RuleCatalogue.All.Any(rule => pattern.IsMatch(rule.Id)))
            {
                throw new AibException(ErrorId.UnknownRule, $"There is no rule '{PrintableText.Short(id)}'.", "Get-AibRule -Kind Script lists the rules about scripts.", id);
            }
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Quiet)
        {
            WriteObject(_isClean);
        }
        if (_failure is { } failure)
        {
            ForThisCall(() => throw new AibException(ErrorId.FindingsFailed, $"-FailOn {FailOn}: {failure}", "Mend what the findings name.", failure));
        }
    }

    /// <inheritdoc/>
    private protected override void Take(string name, string text, DeprovisionPlatform platform, DeprovisionPlan? plan)
    {
        foreach (var finding in ScriptChecks.Check(text, platform, name).Where(IsOfInterest))
        {
            _isClean &= finding.Severity == Severity.Information;
            if (MyInvocation.BoundParameters.ContainsKey(nameof(FailOn)) && finding.Severity >= FailOn)
            {
                _failure ??= finding;
            }
            if (!Quiet)
            {
                WriteObject(finding);
            }
        }
    }

    // Whoever reads a file as text does not see its byte order mark; a shell does.
    /// <inheritdoc/>
    private protected override void TakeFile(string full)
    {
        var whole = RehearsedFile.ReadWhole(full).Text;
        var text = whole.TrimStart('\uFEFF');
        var platform = RehearsedFile.PlatformOf(full, text);
        Take(full, platform == DeprovisionPlatform.Linux ? whole : text, platform, plan: null);
    }

    private bool IsOfInterest(Finding finding) => finding.Severity >= Severity && Matches(Include, finding) && !Matches(Exclude, finding);

    private static bool Matches(string[] patterns, Finding finding) => Array.Exists(patterns, p => WildcardPattern.Get(p, WildcardOptions.IgnoreCase).IsMatch(finding.RuleId));
}
