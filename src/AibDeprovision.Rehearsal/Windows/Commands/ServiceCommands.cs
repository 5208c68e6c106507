using System.Management.Automation;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

internal abstract class ServiceCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ServiceName")]
    public string[] Name { get; set; } = [];

    [Parameter]
    public PSObject[] InputObject { get; set; } = [];

    [Parameter]
    public string[] DisplayName { get; set; } = [];

    private protected IEnumerable<SimulatedService> Services()
    {
        foreach (var name in Name.Concat(InputObject.Select(o => ServiceObject.NameOf(o))))
        {
            Run.Looks.AtService(name);
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                foreach (var match in Vm.Services.All.Where(s => pattern.IsMatch(s.Name)).ToList())
                {
                    yield return match;
                }
            }
            else if (Vm.Services.Find(name) is { } service)
            {
                yield return service;
            }
            else
            {
                Fail($"Cannot find any service with service name '{name}'.", "NoServiceFoundForGivenName", ErrorCategory.ObjectNotFound, name, "ServiceCommandException");
            }
        }
        foreach (var pattern in DisplayName.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)))
        {
            foreach (var match in Vm.Services.All.Where(s => pattern.IsMatch(s.DisplayName)).ToList())
            {
                yield return match;
            }
        }
    }

    private protected void StartOne(SimulatedService service)
    {
        var error = Vm.Services.Start(service.Name);
        if (error is 0 or 1056)
        {
            Run.WaitUntil(() => service.Status != ServiceStatus.StartPending, null, $"{service.Name} to start");
        }
        if (service.Status != ServiceStatus.Running)
        {
            Fail($"Failed to start service '{service.DisplayName} ({service.Name})'.", "StartServiceFailed", ErrorCategory.OpenError, service.Name, "ServiceCommandException");
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Service")]
internal sealed class GetServiceCommand : ServiceCommand
{
    [Parameter]
    public string[] Include { get; set; } = ["*"];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    protected override void ProcessRecord()
    {
        var all = Name.Length + InputObject.Length + DisplayName.Length == 0;
        foreach (var service in all ? Vm.Services.All : Services())
        {
            if (Matches(Include, service.Name) && !Matches(Exclude, service.Name))
            {
                WriteObject(ServiceObject.Of(service));
            }
        }
    }

    private static bool Matches(string[] patterns, string name) =>
        patterns.Any(pattern => pattern == "*" || WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name));
}

[Cmdlet(VerbsLifecycle.Start, "Service", SupportsShouldProcess = true)]
internal class StartServiceCommand : ServiceCommand
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var service in Services())
        {
            if (ShouldProcess(service.Name))
            {
                Act(service);
                if (PassThru)
                {
                    WriteObject(ServiceObject.Of(service));
                }
            }
        }
    }

    private protected virtual void Act(SimulatedService service) => StartOne(service);
}

[Cmdlet(VerbsLifecycle.Restart, "Service", SupportsShouldProcess = true)]
internal sealed class RestartServiceCommand : StartServiceCommand
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Act(SimulatedService service)
    {
        Vm.Services.Stop(service.Name);
        StartOne(service);
    }
}

[Cmdlet(VerbsLifecycle.Stop, "Service", SupportsShouldProcess = true)]
internal sealed class StopServiceCommand : StartServiceCommand
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override void Act(SimulatedService service)
    {
        Vm.Services.Stop(service.Name);
        if (service.Name.Equals("WinRM", StringComparison.OrdinalIgnoreCase))
        {
            Vm.CutSession("the service that carries this very session was stopped (WinRM)");
            Run.Charge();
        }
    }
}

[Cmdlet(VerbsCommon.Set, "Service", SupportsShouldProcess = true)]
internal sealed class SetServiceCommand : StartServiceCommand
{
    [Parameter]
    [ValidateSet("Automatic", "AutomaticDelayedStart", "Manual", "Disabled", IgnoreCase = true)]
    public string? StartupType { get; set; }

    [Parameter]
    [ValidateSet("Running", "Stopped", "Paused", IgnoreCase = true)]
    public string? Status { get; set; }

    private protected override void Act(SimulatedService service)
    {
        if (StartupType is not null)
        {
            Vm.Services.SetStartType(service.Name, (ServiceStartType)Enum.Parse(typeof(ServiceStartType), StartupType.Replace("DelayedStart", ""), ignoreCase: true));
        }
        if ("Running".Equals(Status, StringComparison.OrdinalIgnoreCase))
        {
            StartOne(service);
        }
        else if ("Stopped".Equals(Status, StringComparison.OrdinalIgnoreCase))
        {
            Vm.Services.Stop(service.Name);
        }
    }
}
