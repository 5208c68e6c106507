namespace AibDeprovision.Shell;

/// <summary>The shell cannot do what it was started for: the sentence to say and the exit code to end with.</summary>
internal sealed class ShellException(int exitCode, string message) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;
}
