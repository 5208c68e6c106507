using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script has looked at lately, which is what a script that waits is waiting for.</summary>
internal sealed class RecentLooks
{
    private const int Most = 6;
    private readonly List<(string What, Func<SimulatedVm, string> State)> _looks = [];

    /// <summary>It asked for a service.</summary>
    public void AtService(string name) => Add(name, vm => vm.Services.Find(name) switch
    {
        null => $"the service {name} is not installed",
        { StartType: ServiceStartType.Disabled, Status: ServiceStatus.Stopped } => $"the service {name} is disabled",
        var service => $"the service {name} is {service.Status}",
    });

    /// <summary>It asked for processes of a name.</summary>
    public void AtProcess(string name) => Add("process " + name, vm =>
        vm.Processes.Running.Any(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ? $"a process {name} runs" : $"no process {name} runs");

    /// <summary>It asked whether there is such a file or key.</summary>
    public void AtPath(VmPath path) => Add(path.Full, vm => path.Exists(vm) ? $"{path.Full} exists" : $"{path.Full} does not exist");

    /// <summary>It read values of a key.</summary>
    public void AtValue(VmPath key, string name) => Add($"{key.Full}\\{name}", vm => vm.Registry.Text(key.Full, name) is { } data ? $"{name} is {data}" : $"{name} is not in the registry");

    /// <summary>It has slept: what it looks at now is what counts.</summary>
    public void Clear() => _looks.Clear();

    /// <summary>What of that there is now.</summary>
    public IEnumerable<string> Describe(SimulatedVm vm) => _looks.Select(look => look.State(vm));

    private void Add(string what, Func<SimulatedVm, string> state)
    {
        _looks.RemoveAll(look => look.What.Equals(what, StringComparison.OrdinalIgnoreCase));
        _looks.Add((what, state));
        if (_looks.Count > Most)
        {
            _looks.RemoveAt(0);
        }
    }
}
