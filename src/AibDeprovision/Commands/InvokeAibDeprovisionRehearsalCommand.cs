using System.Management.Automation;
using AibDeprovision.Rehearsal;

namespace AibDeprovision.Commands;

/// <summary>Invoke-AibDeprovisionRehearsal: what a deprovision script does under each of the ways in which a VM can behave.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AibDeprovisionRehearsal", DefaultParameterSetName = "Script")]
[OutputType(typeof(RehearsalResult), typeof(bool))]
public sealed class InvokeAibDeprovisionRehearsalCommand : AibCommand, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

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
    public string ScriptBlockText { get; set; } = "";

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
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var script in Script)
        {
            ForThisItem(() => Rehearse(NameOf(script), script.Content, script.Platform));
        }
        foreach (var path in Path.SelectMany(FilesAt))
        {
            ForThisItem(() => RehearseFile(path));
        }
        foreach (var path in LiteralPath)
        {
            ForThisItem(() => RehearseFile(FileSystemPath(path)));
        }
        if (ParameterSetName == "Text")
        {
            ForThisItem(() => Rehearse("(text)", ScriptBlockText, RehearsedFile.PlatformOf("", ScriptBlockText)));
        }
    }

    private static string NameOf(DeprovisionScript script) => script.Plan.GenericVersion ?? $"{script.Profile} {script.Platform}".ToLowerInvariant();

    private IReadOnlyList<string> FilesAt(string path)
    {
        IReadOnlyList<string> files = [];
        ForThisItem(() =>
        {
            files = WildcardPattern.ContainsWildcardCharacters(path)
                ? [.. SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _)]
                : [FileSystemPath(path)];
        });
        return files;
    }

    private void RehearseFile(string path)
    {
        var text = RehearsedFile.Read(path);
        Rehearse(path, text, RehearsedFile.PlatformOf(path, text));
    }

    private void Rehearse(string name, string text, DeprovisionPlatform platform)
    {
        var scenarios = Scenarios();
        if (platform == DeprovisionPlatform.Linux)
        {
            WriteObject(Quiet ? false : new RehearsalResult
            {
                Script = name,
                Scenario = "(all)",
                Outcome = RehearsalOutcome.NotRehearsable,
                Detail = "a shell script; only Windows PowerShell scripts are rehearsed",
            });
            return;
        }
        try
        {
            if (Quiet)
            {
                WriteObject(Results(text, scenarios).All(result => result.Outcome is RehearsalOutcome.Sealed or RehearsalOutcome.FailedFast));
                return;
            }
            foreach (var result in Results(text, scenarios))
            {
                WriteObject(result with { Script = name });
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private IEnumerable<RehearsalResult> Results(string text, IReadOnlyList<Scenario> scenarios) =>
        WindowsRehearsal.Run(text, scenarios, BuildTimeout, new SandboxLimits(), _stopping.Token);

    // All the named ones unless some are asked for; random schedules instead of them, or besides those asked for.
    private IReadOnlyList<Scenario> Scenarios()
    {
        var patterns = Scenario.Length == 0 && Count == 0 ? ["*"] : Scenario;
        var chosen = new List<Scenario>();
        foreach (var pattern in patterns)
        {
            var matching = WindowsScenarios.All.Where(s => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(s.Name)).ToList();
            if (matching.Count == 0)
            {
                throw new AibException(ErrorId.UnknownScenario, $"There is no scenario '{pattern}'.", "Press Tab or Ctrl+Space after -Scenario for the names.", pattern);
            }
            chosen.AddRange(matching.Where(s => !chosen.Contains(s)));
        }
        return [.. chosen, .. GeneratedSchedules.From(Seed, Count)];
    }
}
