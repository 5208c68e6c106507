namespace AibDeprovision.Shell;

/// <summary>The exit codes that are the shell's own; every other one comes from <c>exit N</c>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A terminating error, or the module was not found.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood; the number is that of sysexits.h, and of pwsh.</summary>
    public const int Usage = 64;

    /// <summary>128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;
}
