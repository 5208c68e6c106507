namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>How a script ended under a scenario.</summary>
public enum RehearsalOutcome
{
    /// <summary>It exited with 0, and the VM is generalized.</summary>
    Sealed,

    /// <summary>It exited with another code, so the build fails there and then.</summary>
    Failed,

    /// <summary>It was still running when the build's time limit came.</summary>
    Hung,

    /// <summary>The VM was shut down or restarted under it, so the build loses its session.</summary>
    SessionLost,

    /// <summary>It exited with 0, but the VM is not generalized: the build succeeds, and its image does not work.</summary>
    FalseSuccess,

    /// <summary>It does something that the rehearsal does not know, so nothing can be said.</summary>
    NotRehearsable,
}
