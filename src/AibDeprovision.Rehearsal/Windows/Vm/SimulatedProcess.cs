namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>A process that runs or has run.</summary>
internal sealed class SimulatedProcess
{
    private readonly SimulatedVm _vm;

    internal SimulatedProcess(SimulatedVm vm, int id, string name, string path)
    {
        _vm = vm;
        Id = id;
        Name = name;
        Path = path;
    }

    /// <summary>Its number.</summary>
    public int Id { get; }

    /// <summary>The program's name without .exe.</summary>
    public string Name { get; }

    /// <summary>The path of its program.</summary>
    public string Path { get; }

    /// <summary>Whether it is over.</summary>
    public bool HasExited => ExitCode is not null;

    /// <summary>What it ended with; null as long as it runs.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Ends it.</summary>
    public void Exit(int code)
    {
        if (!HasExited)
        {
            ExitCode = code;
            _vm.Touch();
        }
    }
}

/// <summary>The processes of a VM.</summary>
internal sealed class SimulatedProcesses
{
    private readonly List<SimulatedProcess> _all = [];
    private readonly SimulatedVm _vm;

    internal SimulatedProcesses(SimulatedVm vm) => _vm = vm;

    /// <summary>Those that run.</summary>
    public IEnumerable<SimulatedProcess> Running => _all.Where(process => !process.HasExited);

    /// <summary>Starts one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">The folder of its program.</param>
    public SimulatedProcess Start(string name, string folder = SimulatedVm.System32)
    {
        var process = new SimulatedProcess(_vm, 1000 + (_all.Count * 4), name, $@"{folder}\{name}.exe");
        _all.Add(process);
        _vm.Touch();
        return process;
    }
}
