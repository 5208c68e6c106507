using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Commands;

/// <summary>Test-AibDeprovisionReadiness: what is in the way of generalizing this machine or a mounted image.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AibDeprovisionReadiness")]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestAibDeprovisionReadinessCommand : StoppableCommand
{
    private static readonly string[] HostTags = ["PSHOST"];

    private readonly List<Finding> _all = [];
    private DeprovisionLog? _log;
    private Func<Rule, bool> _isWanted = _ => true;

    /// <summary>Folders of mounted Linux or Windows images.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] Root { get; set; } = [];

    /// <summary>Rules to look at; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReadinessRuleCompleter))]
    public string[] Include { get; set; } = ["*"];

    /// <summary>Rules to leave out; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReadinessRuleCompleter))]
    public string[] Exclude { get; set; } = [];

    /// <summary>The severity from which on a finding ends the call with an error.</summary>
    [Parameter]
    [ValidateSet(nameof(Severity.Warning), nameof(Severity.Error))]
    public Severity FailOn { get; set; }

    /// <summary>Windows: the longest that the questions to Windows PowerShell may take.</summary>
    [Parameter, ArgumentCompleter(typeof(DurationCompleter))]
    public Duration Timeout { get; set; } = SlowAnswers.Limit;

    /// <summary>Write only whether nothing is in the way.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ForThisCall(() =>
    {
        _isWanted = RuleFilter.Of(Include, Exclude, [.. ImageReadiness.Rules]);
        _log = FailOn > Severity.Information ? new DeprovisionLog(new MonotonicClock(), (_, line) => WriteInformation(new HostInformationMessage { Message = line }, HostTags)) : null;
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Root.Length == 0)
        {
            ForThisItemUntilStopped(() => Answer(OfThisMachine()));
        }
        foreach (var root in Root)
        {
            ForThisItemUntilStopped(() => Answer(ImageReadiness.Check(FileSystemPath(root), _isWanted, WriteWarning, StopToken)), root);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForThisCall(() =>
    {
        if (_log is not null)
        {
            var failure = ImageReadiness.FailureOf(_all, FailOn);
            // What Packer's wrapper round an inline customizer exits with.
            SessionState.PSVariable.Set("global:LASTEXITCODE", failure is null ? 0 : (int)DeprovisionExitCode.NotReady);
            if (failure is not null)
            {
                throw failure;
            }
        }
    });

    private IEnumerable<Finding> OfThisMachine()
    {
        const string Name = "Test-AibDeprovisionReadiness", Instead = "Name the folder of a mounted image with -Root.";
        ShowProgress("Looking whether this machine can be generalized", "it changes nothing");
        return ThisMachine.Here.Windows() is not null ? WindowsReadinessChecks.Check(ThisMachine.Here.Windows(Name, Instead), _isWanted, Timeout, StopToken)
            : ThisMachine.Here.LinuxVm() is { } linux ? LinuxReadiness.Check(linux.Files, linux, _isWanted, StopToken)
            : throw new AibException(ErrorId.PlatformNotSupported, $"{Name} without -Root works on the VM itself, and this is neither Windows nor Linux.", Instead, Name);
    }

    private void Answer(IEnumerable<Finding> findings)
    {
        var isReady = true;
        foreach (var finding in findings)
        {
            _all.Add(finding);
            isReady &= finding.Severity == Severity.Information;
            _log?.Finding(finding);
            if (!Quiet)
            {
                WriteObject(finding);
            }
        }
        if (Quiet)
        {
            WriteObject(isReady);
        }
    }
}
