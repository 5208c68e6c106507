using System.Management.Automation;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Linux;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Plans;

namespace AibDeprovision.Commands;

/// <summary>Wait-AibGuestAgentService: waits until the guest agent's services run.</summary>
[Cmdlet(VerbsLifecycle.Wait, "AibGuestAgentService")]
[OutputType(typeof(WaitOutcome))]
public sealed class WaitAibGuestAgentServiceCommand : StoppableCommand
{
    private static readonly DeprovisionPlan Default = new();
    private readonly List<string> _names = [];

    /// <summary>Services that have to run.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("ServiceName")]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [.. Default.RequiredServices];

    /// <summary>Services that are waited for where they are installed.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Optional { get; set; } = [.. Default.OptionalServices];

    /// <summary>The longest wait.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration Timeout { get; set; } = Default.ServiceTimeout;

    /// <summary>How long a service may be missing before that is an error.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration AppearTimeout { get; set; }

    /// <summary>Ask a stopped service to start.</summary>
    [Parameter]
    public SwitchParameter Start { get; set; }

    /// <summary>Write how the wait has ended for each service.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _names.AddRange(Name.Except(_names, StringComparer.OrdinalIgnoreCase));

    /// <inheritdoc/>
    protected override void EndProcessing() => ForThisItemUntilStopped(() =>
    {
        var machine = ThisMachine.Here.WithServices(MyInvocation.MyCommand.Name);
        var plan = new ServiceWaitPlan
        {
            Required = DeprovisionPlanRules.ServiceNames(nameof(Name), _names),
            Optional = DeprovisionPlanRules.ServiceNames(nameof(Optional), Optional),
            Timeout = Timeout,
            AppearTimeout = AppearTimeout,
            StartAfter = Start ? TimeSpan.Zero : null,
            Note = Tell,
        };
        var outcomes = machine is LinuxMachine linux ? LinuxAgentWait.Run(linux, ForLinux(plan), StopToken) : new ServiceWait(machine, plan).Run(StopToken);
        foreach (var outcome in outcomes)
        {
            Write(outcome);
        }
    });

    // The defaults are the names of Windows' services.
    private ServiceWaitPlan ForLinux(ServiceWaitPlan plan) => plan with
    {
        Required = _names.SequenceEqual(Default.RequiredServices, StringComparer.OrdinalIgnoreCase) ? [LinuxMachine.AgentUnit] : plan.Required,
        Optional = MyInvocation.BoundParameters.ContainsKey(nameof(Optional)) ? plan.Optional : [],
    };

    private void Write(WaitOutcome outcome)
    {
        if (PassThru)
        {
            WriteObject(outcome);
        }
        if (outcome.Error is { } error)
        {
            WriteError(ErrorRecords.From(new AibException(error, outcome.Reason!, AdviceFor(error, outcome.Name), outcome.Name)));
        }
        else if (outcome.Reason is not null && outcome.State is not (WaitedService.Missing or WaitedService.Disabled))
        {
            WriteWarning(outcome.Reason);
        }
        else if (outcome.Reason is not null)
        {
            WriteVerbose(outcome.Reason);
        }
    }

    private void Tell(string text)
    {
        WriteVerbose(text);
        ShowProgress("Waiting for the guest agent", text);
    }

    private static string AdviceFor(ErrorId error, string name) => error switch
    {
        ErrorId.ServiceNotInstalled => "A young VM gets the agent only after some minutes: give it -AppearTimeout. If it never comes, the image has no agent, or a customizer has removed it.",
        ErrorId.ServiceDisabled when Machine.Host.Platform == DeprovisionPlatform.Linux => $"Its unit is masked: 'systemctl unmask {name}' before the wait, or take that step out of the template.",
        ErrorId.NotProvisioned => "Look into /var/log/waagent.log and /var/log/cloud-init.log for what it is busy with, or give it a longer -Timeout.",
        ErrorId.ServiceNotRunning when Machine.Host.Platform == DeprovisionPlatform.Linux => $"Look at 'journalctl -u {name}', give it a longer -Timeout, or let -Start ask it to start.",
        ErrorId.ServiceDisabled => $"A customizer or an earlier Sysprep run has disabled it: 'sc.exe config {name} start= auto' before the wait, or take that step out of the template.",
        _ => "Look into C:\\WindowsAzure\\Logs for what the agent does, give it a longer -Timeout, or let -Start ask it to start.",
    };
}
