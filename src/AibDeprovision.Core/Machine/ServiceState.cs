namespace AibDeprovision.Machine;

/// <summary>What a service does; the numbers are Windows' own, and the states of systemd are told in its words.</summary>
internal enum ServiceStatus
{
    /// <summary>It does not run.</summary>
    Stopped = 1,

    /// <summary>It is on its way up.</summary>
    StartPending = 2,

    /// <summary>It is on its way down.</summary>
    StopPending = 3,

    /// <summary>It runs.</summary>
    Running = 4,

    /// <summary>It goes on after having been held.</summary>
    ContinuePending = 5,

    /// <summary>It is about to be held.</summary>
    PausePending = 6,

    /// <summary>It is held.</summary>
    Paused = 7,
}

/// <summary>How a service comes to run; the numbers are Windows' own.</summary>
internal enum ServiceStartType
{
    /// <summary>With the system.</summary>
    Automatic = 2,

    /// <summary>When somebody asks.</summary>
    Manual = 3,

    /// <summary>Not at all.</summary>
    Disabled = 4,
}

/// <summary>What the service manager says about an installed service.</summary>
/// <param name="Name">Its short name; on Linux the agent's unit is found by either of its names, and this is the one that it has.</param>
/// <param name="Status">What it does now.</param>
/// <param name="StartType">How it comes to run; null for one that runs, where nobody asks.</param>
/// <param name="ExitCode">
/// Linux: the exit code of its main process. Windows: the Win32 error with which it last ended; 0 for none, 1077 for a service that has not been started since the system
/// was, 1066 when <paramref name="ServiceExitCode"/> says more.
/// </param>
/// <param name="ServiceExitCode">The service's own code, where <paramref name="ExitCode"/> is 1066.</param>
internal sealed record ServiceState(string Name, ServiceStatus Status, ServiceStartType? StartType, int ExitCode = 0, int ServiceExitCode = 0)
{
    /// <summary>It is not running, and nobody can start it.</summary>
    public bool IsDisabled => StartType == ServiceStartType.Disabled && Status != ServiceStatus.Running;
}
