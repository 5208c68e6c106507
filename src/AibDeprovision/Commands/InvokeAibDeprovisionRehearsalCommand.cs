using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Worker;
using AibDeprovision.Scripts;

namespace AibDeprovision.Commands;

/// <summary>Invoke-AibDeprovisionRehearsal: what a deprovision script does under each of the ways in which a VM can behave.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AibDeprovisionRehearsal", DefaultParameterSetName = "Script")]
[OutputType(typeof(RehearsalResult), typeof(bool))]
public sealed class InvokeAibDeprovisionRehearsalCommand : StoppableCommand
{
    /// <summary>Scripts of New-AibDeprovisionScript.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Script")]
    [ValidateNotNullOrEmpty]
    public DeprovisionScript[] Script { get; set; } = [];

    /// <summary>Script files.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Script files whose names are taken as they stand.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The text of a script.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Text")]
    [AllowEmptyString]
    public string ScriptText { get; set; } = "";

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
    [DurationTransformation]
    public TimeSpan BuildTimeout { get; set; } = TimeSpan.FromMinutes(240);

    /// <summary>Write only whether the script can be trusted.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var script in Script)
        {
            ForThisItemUntilStopped(() => Rehearse(NameOf(script), script.Content, script.Platform));
        }
        foreach (var path in Path.SelectMany(FileSystemPaths).Concat(LiteralPath))
        {
            ForThisItemUntilStopped(() => RehearseFile(FileSystemPath(path)));
        }
        if (ParameterSetName == "Text")
        {
            ForThisItemUntilStopped(() => Rehearse("(text)", ScriptText, RehearsedFile.PlatformOf("", ScriptText)));
        }
    }

    private static string NameOf(DeprovisionScript script) => script.Plan.GenericVersion ?? $"{script.Profile} {script.Platform}".ToLowerInvariant();

    private void RehearseFile(string path)
    {
        var text = RehearsedFile.Read(path);
        Rehearse(path, text, RehearsedFile.PlatformOf(path, text));
    }

    private void Rehearse(string name, string text, DeprovisionPlatform platform)
    {
        var (scenarios, results) = platform == DeprovisionPlatform.Linux ? LinuxResults(text) : WindowsResults(text);
        var done = 0;
        var counted = results.Select(result =>
        {
            ShowProgress($"Rehearsing {name}", result.Scenario, ++done, scenarios);
            return result with { Script = name };
        });
        WriteObject(Quiet ? (object)counted.All(result => result.Outcome is RehearsalOutcome.Sealed or RehearsalOutcome.Failed) : counted, enumerateCollection: true);
    }

    // All the named ones unless some are asked for; random schedules instead of them, or besides those asked for.
    private string[] Patterns => Scenario.Length == 0 && Count == 0 ? ["*"] : Scenario;

    private (int Count, IEnumerable<RehearsalResult> Results) WindowsResults(string text)
    {
        IReadOnlyList<string> scenarios = [.. ScenarioChoice.Of(WindowsScenarios.All, s => s.Name, Patterns).Concat(GeneratedSchedules.From(Seed, Count)).Select(s => s.Name)];
        return (scenarios.Count, WorkerRehearsal.Run(text, scenarios, BuildTimeout, new WorkerLimits(), StopToken));
    }

    private (int Count, IEnumerable<RehearsalResult> Results) LinuxResults(string text)
    {
        if (Count > 0)
        {
            throw new AibException(ErrorId.OptionNotForPlatform, "-Count makes schedules for Windows VMs, and this is a script for Linux.", "Leave out -Count; -Scenario takes the names of Linux scenarios.", Count);
        }
        var scenarios = ScenarioChoice.Of(LinuxRehearsal.Scenarios, s => s.Name, Patterns);
        return (scenarios.Count, InParallel.Run<LinuxScenario, RehearsalResult>(scenarios, () => (scenario, enough) => LinuxRehearsal.Run(text, scenario, BuildTimeout, enough), StopToken));
    }
}
