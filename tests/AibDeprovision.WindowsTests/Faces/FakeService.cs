using System.ServiceProcess;
using AibDeprovision.WindowsTests.Measuring;
using AibDeprovision.WindowsTests.Native;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>A real service of the service control manager that behaves as it was told.</summary>
internal sealed class FakeService : ServiceBase
{
    private const int Stopped = 1;
    private const int Running = 4;
    private const int ErrorServiceSpecific = 1066;
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(500);

    private readonly ServiceBehaviour _behaviour;
    private Timer? _end;

    public FakeService(string name, ServiceBehaviour behaviour)
    {
        ServiceName = name;
        AutoLog = false;
        _behaviour = behaviour;
    }

    /// <summary>The process of the service, to its end.</summary>
    public static void Run(string name, ServiceBehaviour behaviour)
    {
        if (behaviour.Kind == ServiceKind.ReportsLate)
        {
            Thread.Sleep(TimeSpan.FromSeconds(behaviour.Number));
        }
        using var service = new FakeService(name, behaviour);
        Run(service);
    }

    protected override void OnStart(string[] args)
    {
        switch (_behaviour.Kind)
        {
            case ServiceKind.StartsSlowly:
                for (var beats = _behaviour.Number / s_beat.TotalSeconds; beats > 0; beats--)
                {
                    // Moves the checkpoint, as a service does that is busy starting.
                    RequestAdditionalTime(5000);
                    Thread.Sleep(s_beat);
                }
                break;
            case ServiceKind.Fails:
                Fail(_behaviour.Number);
                break;
            case ServiceKind.StopsItself:
                _end = new Timer(_ => Stop(), state: null, TimeSpan.FromSeconds(_behaviour.Number), Timeout.InfiniteTimeSpan);
                break;
            default:
                break;
        }
        // ServiceBase says so too some milliseconds later, and only then takes a stop; a measure wants the moment at which it is first said.
        Stamp.On(() => Report(new ServiceStatus { Type = Advapi32.OwnProcess, State = Running }));
    }

    protected override void Dispose(bool disposing)
    {
        _end?.Dispose();
        base.Dispose(disposing);
    }

    // ServiceBase has no place for a service's own code, so the service reports its end itself.
    private void Fail(int code)
    {
        Report(new ServiceStatus { Type = Advapi32.OwnProcess, State = Stopped, ExitCode = ErrorServiceSpecific, SpecificExitCode = code });
        Environment.Exit(0);
    }

    private void Report(ServiceStatus status) => Advapi32.SetServiceStatus(ServiceHandle, in status);
}
