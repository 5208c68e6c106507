using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Scripting.Editing;
using AibDeprovision.Scripts;

namespace AibDeprovision.Commands;

/// <summary>Update-AibDeprovisionScript: changes an existing deprovision script in place, and nothing of it but what is asked for.</summary>
[Cmdlet(VerbsData.Update, "AibDeprovisionScript", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
[OutputType(typeof(ScriptUpdate), typeof(DeprovisionScript), typeof(string))]
public sealed class UpdateAibDeprovisionScriptCommand : ScriptInputCommand
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private ScriptChange _change = new();

    /// <summary>Gives Sysprep /mode:vm.</summary>
    [Parameter]
    public SwitchParameter ModeVm { get; set; }

    /// <summary>The limit for every wait that has none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration AddTimeout { get; set; }

    /// <summary>Services that are waited for only where they are installed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] GuardService { get; set; } = [];

    /// <summary>File names of provider DLLs to take out of SysPrepExternal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SysprepProviderCompleter))]
    public string[] RemoveProvider { get; set; } = [];

    /// <summary>Rules whose findings are mended; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FixableRuleCompleter))]
    public string[] Fix { get; set; } = [];

    /// <summary>Another file to write to.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ForThisCall(() =>
    {
        var limits = MyInvocation.BoundParameters.ContainsKey(nameof(AddTimeout));
        if (limits)
        {
            DeprovisionPlanRules.CheckTime(nameof(AddTimeout), AddTimeout);
        }
        _change = new ScriptChange
        {
            ModeVm = ModeVm,
            Timeout = limits ? AddTimeout.ToTimeSpan() : null,
            GuardServices = DeprovisionPlanRules.ServiceNames(nameof(GuardService), GuardService),
            RemoveProviders = DeprovisionPlanRules.ProviderNames(nameof(RemoveProvider), RemoveProvider),
            Fixes = RuleFixes.Of(Fix),
        };
        if (_change.WindowsOption is null && Fix.Length == 0)
        {
            throw new AibException(ErrorId.InvalidOptionValue, "Nothing is asked for.", "Give -ModeVm, -AddTimeout, -GuardService, -RemoveProvider or -Fix.", MyInvocation.MyCommand.Name);
        }
    });

    /// <inheritdoc/>
    private protected override void Take(string name, string text, DeprovisionPlatform platform, DeprovisionPlan? plan)
    {
        var change = RuleFixes.For(_change, platform);
        if (plan is { Profile: DeprovisionProfile.Hardened })
        {
            WriteObject(ScriptGenerator.Generate(PlanChange.Of(plan, change)));
            return;
        }
        var changed = Changed(text, platform, change);
        WriteObject(plan is not null && changed.Text == text ? ScriptGenerator.Generate(plan) : changed.Text);
    }

    /// <inheritdoc/>
    private protected override void TakeFile(string full)
    {
        var file = RehearsedFile.ReadWhole(full);
        RehearsedFile.Require(full, file.Text);
        var platform = RehearsedFile.PlatformOf(full, file.Text.TrimStart('\uFEFF'));
        var changed = Changed(file.Text, platform, RuleFixes.For(_change, platform));
        var target = OutFile is null ? full : FileSystemPath(OutFile);
        var update = new ScriptUpdate { Path = full, Done = changed.Done, Diff = ShownDiff.Of(full, target, file.Text, changed.Text) };
        if ((update.IsChanged || OutFile is not null) && ShouldProcess($"Write {target}:\n{update.Diff}", $"Write {target}?\n{update.Diff}", "Update-AibDeprovisionScript"))
        {
            if (!_written.Add(target))
            {
                throw new AibException(ErrorId.FileExists, $"'{target}' was written by a script before this one in the same call.", "Give each script an -OutFile of its own.", target);
            }
            ScriptFile.Rewrite(target, file.Encoding.GetBytes(changed.Text), AtomicFile.ModeOf(full));
            update = update with { Written = target };
        }
        WriteObject(update);
    }

    private ChangedScript Changed(string text, DeprovisionPlatform platform, ScriptChange change)
    {
        var changed = ScriptEditor.Change(text, platform, change);
        foreach (var left in changed.Left)
        {
            WriteWarning(left);
        }
        return changed;
    }
}
