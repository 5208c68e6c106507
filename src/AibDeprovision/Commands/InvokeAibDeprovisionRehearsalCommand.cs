using System.Collections;
using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Worker;

namespace AibDeprovision.Commands;

/// <summary>Invoke-AibDeprovisionRehearsal: what a deprovision script does in each simulated build-VM scenario.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AibDeprovisionRehearsal", DefaultParameterSetName = "Path")]
[OutputType(typeof(RehearsalResult), typeof(bool))]
public sealed class InvokeAibDeprovisionRehearsalCommand : ScriptInputCommand
{
    private bool _hasSeen;

    /// <summary>The scenarios, by name.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ScenarioCompleter))]
    public string[] Scenario { get; set; } = [];

    /// <summary>How many schedules to make at random.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Count { get; set; }

    /// <summary>Where the random schedules come from.</summary>
    [Parameter]
    public int Seed { get; set; } = 1;

    /// <summary>The time limit of the build.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration BuildTimeout { get; set; } = TimeSpan.FromMinutes(240);

    /// <summary>Files that the VM has besides its own: texts by paths.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable File { get; set; } = [];

    /// <summary>Commands that are taken as done when the script calls them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AssumeDoneCompleter))]
    public string[] AssumeDone { get; set; } = [];

    /// <summary>Linux: the user that the platform made is meant to stay.</summary>
    [Parameter]
    public SwitchParameter KeepUser { get; set; }

    /// <summary>Write only whether the script can be trusted.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    // All the named ones unless some are asked for; random schedules instead of them, or besides those asked for.
    private ScenarioChoice Choice => field ??= new ScenarioChoice(Scenario.Length == 0 && Count == 0 ? ["*"] : Scenario);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var error in _hasSeen ? Choice.Idle : [])
        {
            WriteError(ErrorRecords.From(error));
        }
    }

    /// <inheritdoc/>
    private protected override void Take(string name, string text, DeprovisionPlatform platform, DeprovisionPlan? plan)
    {
        RehearsedFile.Require(name, text);
        var options = new RehearsalOptions { BuildTimeout = BuildTimeout, Files = RehearsalFiles.Of(File, platform), AssumeDone = AssumeDone, KeepUser = KeepUser || plan?.KeepUser == true };
        _hasSeen = true;
        var (scenarios, results) = platform == DeprovisionPlatform.Linux ? LinuxResults(text, options) : WindowsResults(text, options);
        var done = 0;
        var summary = new RehearsalSummary();
        var shown = results.Select(result =>
        {
            ShowProgress($"Rehearsing {name}", result.Scenario, ++done, scenarios);
            summary.Add(result);
            return ShownResult.Of(result, name);
        });
        if (Quiet)
        {
            WriteObject(shown.All(result => result.Outcome is RehearsalOutcome.Sealed or RehearsalOutcome.Failed));
            return;
        }
        // One by one: of a collection the next command sees nothing before its end.
        foreach (var result in OneForAll.Of(shown))
        {
            WriteObject(result);
        }
        if (summary.Count > 1 && ShownOutput.IsOf(MyInvocation))
        {
            // As Write-Host does: below the table, and no part of the output.
            WriteInformation(new HostInformationMessage { Message = summary.Text }, ["PSHOST"]);
        }
    }

    private (int Count, IEnumerable<RehearsalResult> Results) WindowsResults(string text, RehearsalOptions options)
    {
        IReadOnlyList<string> scenarios = [.. Choice.Of(WindowsScenarios.All, s => s.Name).Concat(GeneratedSchedules.From(Seed, Count)).Select(s => s.Name)];
        return (scenarios.Count, WorkerRehearsal.Run(text, scenarios, options, new WorkerLimits(), StopToken));
    }

    private (int Count, IEnumerable<RehearsalResult> Results) LinuxResults(string text, RehearsalOptions options)
    {
        if (Count > 0)
        {
            throw new AibException(ErrorId.OptionNotForPlatform, "-Count makes schedules for Windows VMs, and this is a script for Linux.", "Leave out -Count; -Scenario takes the names of Linux scenarios.", Count);
        }
        var scenarios = Choice.Of(LinuxRehearsal.Scenarios, s => s.Name);
        return (scenarios.Count, InParallel.Run<LinuxScenario, RehearsalResult>(scenarios, () => (scenario, enough) => LinuxRehearsal.Run(text, scenario, options, enough), StopToken));
    }
}
