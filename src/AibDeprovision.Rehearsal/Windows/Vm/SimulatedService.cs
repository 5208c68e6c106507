using AibDeprovision.Machine;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>An installed service.</summary>
internal sealed class SimulatedService
{
    internal SimulatedService(string name, string displayName)
    {
        Name = name;
        DisplayName = displayName;
    }

    /// <summary>The short name.</summary>
    public string Name { get; }

    /// <summary>The name that people see.</summary>
    public string DisplayName { get; }

    /// <summary>What it does now.</summary>
    public ServiceStatus Status { get; internal set; } = ServiceStatus.Running;

    /// <summary>How it comes to run.</summary>
    public ServiceStartType StartType { get; set; } = ServiceStartType.Automatic;

    /// <summary>The Win32 error with which it last ended.</summary>
    public int ExitCode { get; set; }

    /// <summary>Its own code, where <see cref="ExitCode"/> is 1066.</summary>
    public int ServiceExitCode { get; set; }

    /// <summary>From a start request until it runs; null for a service that falls back to Stopped instead.</summary>
    public TimeSpan? StartsWithin { get; set; } = TimeSpan.FromSeconds(2);
}
