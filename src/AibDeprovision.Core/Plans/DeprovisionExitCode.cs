namespace AibDeprovision.Plans;

/// <summary>
/// What a hardened script (and every command that does the same work natively) exits with: one table for both
/// platforms. 2, 126, 127 and everything above 128 are left to the shells, 3010 to Windows.
/// </summary>
public enum DeprovisionExitCode
{
    /// <summary>The machine is generalized, and that was verified.</summary>
    Sealed = 0,

    /// <summary>The script failed unexpectedly; the verdict line says why.</summary>
    Unexpected = 1,

    /// <summary>A required guest agent service did not appear within the service time limit.</summary>
    AgentServiceMissing = 10,

    /// <summary>A required guest agent service is there, but did not run within the service time limit or cannot run.</summary>
    AgentServiceNotStarted = 11,

    /// <summary>The machine is not in a state that can be generalized: a restart is pending, a provider is broken, and so on.</summary>
    NotReady = 12,

    /// <summary>Sysprep.exe is missing or could not be started.</summary>
    SysprepNotStarted = 13,

    /// <summary>Sysprep has ended and the image is not sealed.</summary>
    SysprepNotSealed = 14,

    /// <summary>The Sysprep time limit or the overall deadline has passed.</summary>
    DeadlinePassed = 15,

    /// <summary>No waagent was found on this machine.</summary>
    WaagentNotFound = 16,

    /// <summary>waagent failed, by its exit code or by what it logged.</summary>
    WaagentFailed = 17,

    /// <summary>Build-specific state is left on the machine.</summary>
    ResidueLeft = 18,

    /// <summary>The script does not run elevated (Windows) or as root (Linux).</summary>
    NotElevated = 19,

    /// <summary>The text given as BeforeScript or AfterScript failed.</summary>
    HookFailed = 20,
}
