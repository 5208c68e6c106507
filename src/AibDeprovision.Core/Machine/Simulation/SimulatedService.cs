namespace AibDeprovision.Machine.Simulation;

/// <summary>What a service does; the numbers are Windows' own.</summary>
public enum SimulatedServiceStatus
{
    /// <summary>It does not run.</summary>
    Stopped = 1,

    /// <summary>It is on its way up.</summary>
    StartPending = 2,

    /// <summary>It is on its way down.</summary>
    StopPending = 3,

    /// <summary>It runs.</summary>
    Running = 4,

    /// <summary>It is held.</summary>
    Paused = 7,
}

/// <summary>How a service comes to run; the numbers are Windows' own.</summary>
public enum SimulatedStartType
{
    /// <summary>With the system.</summary>
    Automatic = 2,

    /// <summary>When somebody asks.</summary>
    Manual = 3,

    /// <summary>Not at all.</summary>
    Disabled = 4,
}

/// <summary>An installed service.</summary>
public sealed class SimulatedService
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
    public SimulatedServiceStatus Status { get; internal set; } = SimulatedServiceStatus.Running;

    /// <summary>How it comes to run.</summary>
    public SimulatedStartType StartType { get; set; } = SimulatedStartType.Automatic;

    /// <summary>From a start request until it runs; null for a service that falls back to Stopped instead.</summary>
    public TimeSpan? StartsWithin { get; set; } = TimeSpan.FromSeconds(2);
}
