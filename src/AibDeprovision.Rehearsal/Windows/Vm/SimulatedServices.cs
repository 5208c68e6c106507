using AibDeprovision.Machine;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>The services of a VM, with the service manager's answers.</summary>
internal sealed class SimulatedServices
{
    private readonly SortedDictionary<string, SimulatedService> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly SimulatedVm _vm;

    internal SimulatedServices(SimulatedVm vm) => _vm = vm;

    /// <summary>The key in which a service has its settings.</summary>
    public static string KeyOf(string name) => @"HKLM\SYSTEM\CurrentControlSet\Services\" + name;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyCollection<SimulatedService> All => _services.Values;

    /// <summary>A service by its short name; null where it is not installed.</summary>
    public SimulatedService? Find(string name) => _services.TryGetValue(name, out var service) ? service : null;

    /// <summary>Installs a service, or replaces one.</summary>
    public SimulatedService Install(string name, ServiceStatus status = ServiceStatus.Running, string? displayName = null)
    {
        _vm.Touch();
        return _services[name] = new SimulatedService(name, displayName ?? name) { Status = status };
    }

    /// <summary>Takes a service away.</summary>
    public void Remove(string name)
    {
        _vm.Touch();
        _services.Remove(name);
    }

    /// <summary>Puts a service into a state, as the service itself would.</summary>
    public void Set(string name, ServiceStatus status)
    {
        if (Find(name) is { } service && service.Status != status)
        {
            service.Status = status;
            _vm.Touch();
        }
    }

    /// <summary>Changes how a service comes to run.</summary>
    public void SetStartType(string name, ServiceStartType type)
    {
        if (Find(name) is { } service)
        {
            service.StartType = type;
            _vm.Registry.Set(KeyOf(service.Name), "Start", (int)type);
            _vm.Touch();
        }
    }

    /// <summary>Asks a service to start.</summary>
    /// <returns>0, or the Win32 error: 1056 it runs already, 1058 it is disabled, 1060 there is none.</returns>
    public int Start(string name)
    {
        switch (Find(name))
        {
            case null:
                return 1060;
            case { StartType: ServiceStartType.Disabled }:
                return 1058;
            case { Status: not ServiceStatus.Stopped }:
                return 1056;
            case var service:
                Set(name, ServiceStatus.StartPending);
                var comesUp = service.StartsWithin is not null;
                _vm.Clock.After(service.StartsWithin ?? TimeSpan.FromSeconds(5), () =>
                {
                    if (service.Status == ServiceStatus.StartPending)
                    {
                        Set(name, comesUp ? ServiceStatus.Running : ServiceStatus.Stopped);
                    }
                });
                return 0;
        }
    }

    /// <summary>Asks a service to stop.</summary>
    /// <returns>0, or the Win32 error: 1060 there is none, 1062 it does not run.</returns>
    public int Stop(string name)
    {
        switch (Find(name))
        {
            case null:
                return 1060;
            case { Status: ServiceStatus.Stopped }:
                return 1062;
            default:
                Set(name, ServiceStatus.Stopped);
                return 0;
        }
    }
}
