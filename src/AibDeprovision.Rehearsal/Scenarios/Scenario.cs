using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>A simulated build-VM scenario.</summary>
internal sealed class Scenario
{
    private readonly Action<SimulatedVm> _arrange;

    internal Scenario(string name, string description, Action<SimulatedVm> arrange)
    {
        Name = name;
        Description = description;
        _arrange = arrange;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What happens on the VM, in a sentence.</summary>
    public string Description { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A new VM that behaves so.</summary>
    public SimulatedVm NewVm()
    {
        var vm = new SimulatedVm();
        _arrange(vm);
        return vm;
    }
}
