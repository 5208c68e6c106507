using System.ComponentModel;
using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Plans;

namespace AibDeprovision.Commands;

/// <summary>A cmdlet that generalizes a machine, or writes the script that does: the options that both have.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DeprovisionPlanCommand : StoppableCommand
{
    private static readonly DeprovisionPlan Default = new();

    /// <summary>Sysprep's /mode:vm.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchText]
    public SwitchParameter ModeVm { get; set; }

    /// <summary>Services that have to run before Sysprep is started.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] RequiredService { get; set; } = [.. Default.RequiredServices];

    /// <summary>Services that are waited for where they are installed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] OptionalService { get; set; } = [.. Default.OptionalServices];

    /// <summary>The longest wait for the agent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration ServiceTimeout { get; set; } = Default.ServiceTimeout;

    /// <summary>The longest that Sysprep may take.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration SysprepTimeout { get; set; } = Default.SysprepTimeout;

    /// <summary>The longest that the whole script may take.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration Deadline { get; set; } = Default.Deadline;

    /// <summary>File names of provider DLLs to take out of SysPrepExternal.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(SysprepProviderCompleter))]
    public string[] RemoveSysprepProvider { get; set; } = [];

    /// <summary>Refuse what is only likely to fail as well.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchText]
    public SwitchParameter Strict { get; set; }

    /// <summary>Leave the provisioned user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchText]
    public SwitchParameter KeepUser { get; set; }

    /// <summary>Residue to leave.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ResidueKinds Keep { get; set; }

    /// <summary>Leave no trace of the seal.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchText]
    public SwitchParameter NoTrace { get; set; }

    /// <summary>The plan that the options make; not checked yet.</summary>
    private protected DeprovisionPlan PlanFor(DeprovisionPlatform platform) => new()
    {
        Platform = platform,
        ModeVm = ModeVm,
        RequiredServices = RequiredService,
        OptionalServices = OptionalService,
        ServiceTimeout = ServiceTimeout,
        SysprepTimeout = SysprepTimeout,
        Deadline = Deadline,
        RemoveSysprepProviders = RemoveSysprepProvider,
        Strict = Strict,
        KeepUser = KeepUser,
        Keep = Keep,
        NoTrace = NoTrace,
    };
}
