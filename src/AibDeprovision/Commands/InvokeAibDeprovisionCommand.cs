using System.Management.Automation;
using AibDeprovision.Deprovisioning;

namespace AibDeprovision.Commands;

/// <summary>Invoke-AibDeprovision: generalizes the build VM it runs on, and says how that went.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AibDeprovision", SupportsShouldProcess = true)]
[OutputType(typeof(DeprovisionResult))]
public sealed class InvokeAibDeprovisionCommand : StoppableCommand
{
    private static readonly DeprovisionPlan Default = new();
    private static readonly string[] HostTags = ["PSHOST"];

    /// <summary>Sysprep's /mode:vm.</summary>
    [Parameter]
    public SwitchParameter ModeVm { get; set; }

    /// <summary>Services that have to run before Sysprep is started.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] RequiredService { get; set; } = [.. Default.RequiredServices];

    /// <summary>Services that are waited for where they are installed.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] OptionalService { get; set; } = [.. Default.OptionalServices];

    /// <summary>The longest wait for the agent.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan ServiceTimeout { get; set; } = Default.ServiceTimeout;

    /// <summary>The longest that Sysprep may take.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan SysprepTimeout { get; set; } = Default.SysprepTimeout;

    /// <summary>The longest that all of it may take.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan Deadline { get; set; } = Default.Deadline;

    /// <summary>File names of provider DLLs to take out of SysPrepExternal.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] RemoveSysprepProvider { get; set; } = [];

    /// <summary>Leave the provisioned user.</summary>
    [Parameter]
    public SwitchParameter KeepUser { get; set; }

    /// <summary>Residue to leave.</summary>
    [Parameter]
    public ResidueItems Keep { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForThisItemUntilStopped(() =>
    {
        var isLinux = ThisMachine.LinuxSource() is not null;
        var plan = DeprovisionPlanRules.Check(new DeprovisionPlan
        {
            Platform = isLinux ? DeprovisionPlatform.Linux : DeprovisionPlatform.Windows,
            KeepUser = KeepUser,
            Keep = Keep,
            ModeVm = ModeVm,
            RequiredServices = RequiredService,
            OptionalServices = OptionalService,
            ServiceTimeout = ServiceTimeout,
            SysprepTimeout = SysprepTimeout,
            Deadline = Deadline,
            RemoveSysprepProviders = RemoveSysprepProvider,
        });
        var windows = isLinux ? null : ThisMachine.Windows(MyInvocation.MyCommand.Name, "Run it as the last step of an image build; elsewhere, rehearse with Invoke-AibDeprovisionRehearsal.");
        if (ShouldProcess("this machine", "Generalize"))
        {
            Finish(windows is null ? ThisMachine.DeprovisionLinux(plan, Tell, StopToken) : WindowsDeprovision.Run(windows, plan, Tell, StopToken));
        }
    });

    private void Finish(DeprovisionResult result)
    {
        // What Packer's wrapper round an inline customizer exits with.
        SessionState.PSVariable.Set("global:LASTEXITCODE", result.ExitCode);
        WriteObject(result);
        if (result.Verdict != DeprovisionExitCode.Sealed)
        {
            throw new AibException(ErrorId.DeprovisionFailed, $"This machine is not generalized: {result.Verdict} (exit code {result.ExitCode}): {result.Cause}",
                "Read the lines above that begin with '>>> AibDeprovision'.", result);
        }
    }

    // To the host and not to the output, so that 'exit (Invoke-AibDeprovision).ExitCode' leaves the lines in the log.
    private void Tell(string phase, string line)
    {
        WriteProgress(new ProgressRecord(0, "Generalizing this machine", phase));
        WriteInformation(new HostInformationMessage { Message = line }, HostTags);
    }
}
