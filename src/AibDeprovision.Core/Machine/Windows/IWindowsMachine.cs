using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows;

/// <summary>The Windows machine that is to be generalized, as the work on it sees it: the real one, or a simulated one.</summary>
internal interface IWindowsMachine : IServiceMachine, IWindowsImage
{
    /// <summary>The folder of programs' data that is no user's, without a backslash at the end.</summary>
    string ProgramDataFolder { get; }

    /// <summary>The time on the wall, which a young VM may have wrong.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Its security identifier, from which those of its own accounts are made (S-1-5-21 and three numbers).</summary>
    /// <exception cref="AibException">The system does not say.</exception>
    string Sid { get; }

    /// <summary>Whether this process works with an administrator's full token.</summary>
    bool IsElevated { get; }

    /// <summary>Whether this process runs as the machine's own account (SYSTEM).</summary>
    bool IsSystem { get; }

    /// <summary>Whether this is a 32-bit process on a 64-bit Windows, which is shown other files than Sysprep is.</summary>
    bool IsRedirected { get; }

    /// <summary>The processes that run, of those that have one of the names: without .exe, in any case.</summary>
    IReadOnlyList<RunningProcess> RunningOf(IReadOnlyCollection<string> names);

    /// <summary>Bytes that are free on the drive of Windows.</summary>
    /// <exception cref="AibException">The system does not say.</exception>
    long FreeSpace { get; }

    /// <summary>
    /// Runs a script by the machine's own Windows PowerShell, in a process of its own that is killed at the limit: for what only
    /// commands of PowerShell can tell or do.
    /// </summary>
    /// <param name="script">Its text.</param>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="cancel">Ends it in the same way.</param>
    /// <exception cref="AibException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    PowerShellRun RunPowerShell(string script, TimeSpan limit, CancellationToken cancel);

    /// <summary>Starts a program, and does not wait for it.</summary>
    /// <exception cref="AibException">The system does not start it; the message says why.</exception>
    IRunningProgram Start(string path, string arguments);

    /// <summary>Removes a value from the registry.</summary>
    /// <exception cref="AibException">It could not be removed.</exception>
    void DeleteValue(string key, string name);

    /// <summary>Writes a number into a value that is there, or makes the value.</summary>
    /// <exception cref="AibException">It could not be written; also where there is no such key.</exception>
    void SetValue(string key, string name, int data);

    /// <summary>Says how a service comes to run; it is not started.</summary>
    /// <exception cref="AibException">It could not be said.</exception>
    void SetStartType(string service, ServiceStartType type);

    /// <summary>Takes the hidden attribute from a file.</summary>
    /// <exception cref="AibException">It could not be taken.</exception>
    void Unhide(string path);

    /// <summary>Removes a file, a read-only one too; one that is not there is no error.</summary>
    /// <exception cref="AibException">It could not be removed.</exception>
    void DeleteFile(string path);

    /// <summary>Moves a file, over another one if need be.</summary>
    /// <exception cref="AibException">It could not be moved.</exception>
    void MoveFile(string path, string destination);

    /// <summary>Removes a folder with all that is in it, links themselves and not what they lead to; one that is not there is no error.</summary>
    /// <exception cref="AibException">It could not be removed.</exception>
    void DeleteFolder(string path);

    /// <summary>Makes a folder that, with all that will be in it, only SYSTEM and the administrators can open.</summary>
    /// <exception cref="AibException">It could not be made, for one because something is there already.</exception>
    void CreateProtectedFolder(string path);

    /// <summary>Writes a file of ASCII.</summary>
    /// <exception cref="AibException">It could not be written.</exception>
    void WriteFile(string path, string text);
}

/// <summary>A process that runs.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, without .exe.</param>
/// <param name="Path">Its program; null where the system does not say.</param>
internal sealed record RunningProcess(int Id, string Name, string? Path);

/// <summary>A program that was started.</summary>
internal interface IRunningProgram : IDisposable
{
    /// <summary>What it ended with; null as long as it runs.</summary>
    int? ExitCode { get; }
}

/// <summary>What came of a script of Windows PowerShell.</summary>
/// <param name="Lines">What it has written to its output.</param>
/// <param name="TimedOut">Whether it was killed at its limit.</param>
internal sealed record PowerShellRun(IReadOnlyList<string> Lines, bool TimedOut = false);
