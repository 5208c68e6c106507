using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Programs;

/// <summary>sc.exe start, stop, query, config. It only asks the service manager and never waits.</summary>
internal sealed class ScProgram() : VmProgram(SimulatedVm.System32 + @"\sc.exe")
{
    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        var services = run.Vm.Services;
        if (arguments.Count < 2)
        {
            return new(1639, "DESCRIPTION: SC is a command line program used for communicating with the Service Control Manager and services.");
        }
        var name = arguments[1];
        switch (arguments[0].ToUpperInvariant())
        {
            case "START":
                return Answer(services, name, services.Start(name), "StartService");
            case "STOP":
                return Answer(services, name, services.Stop(name), "ControlService");
            case "QUERY" or "QUERYEX":
                return Answer(services, name, services.Find(name) is null ? 1060 : 0, "EnumQueryServicesStatus:OpenService");
            case "CONFIG" when services.Find(name) is not null:
                var type = string.Concat(arguments.Skip(2)).ToUpperInvariant();
                services.SetStartType(name, type.Contains("START=DISABLED") ? ServiceStartType.Disabled
                    : type.Contains("START=DEMAND") ? ServiceStartType.Manual : ServiceStartType.Automatic);
                return new(0, "[SC] ChangeServiceConfig SUCCESS");
            case "CONFIG":
                return Answer(services, name, 1060, "OpenService");
            default:
                run.RefuseHere($"sc.exe {arguments[0]}");
                return new(1639);
        }
    }

    private static ProgramResult Answer(SimulatedServices services, string name, int error, string call) => error == 0
        ? new(0, "", $"SERVICE_NAME: {name}", "        TYPE               : 10  WIN32_OWN_PROCESS", $"        STATE              : {StateOf(services.Find(name)!)}")
        : new(error, $"[SC] {call} FAILED {error}:", "", TextOf(error));

    private static string StateOf(SimulatedService service) =>
        $"{(int)service.Status}  {service.Status.ToString().ToUpperInvariant().Replace("PENDING", "_PENDING")}";

    private static string TextOf(int error) => error switch
    {
        1056 => "An instance of the service is already running.",
        1058 => "The service cannot be started, either because it is disabled or because it has no enabled devices associated with it.",
        1060 => "The specified service does not exist as an installed service.",
        _ => "The service has not been started.",
    };
}
