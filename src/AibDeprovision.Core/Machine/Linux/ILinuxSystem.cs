namespace AibDeprovision.Machine.Linux;

/// <summary>A Linux machine that runs, as the checks and the repairs before a deprovision see it.</summary>
internal interface ILinuxSystem
{
    /// <summary>Its files, to be read.</summary>
    ILinuxFiles Files { get; }

    /// <summary>Whether this process may do everything.</summary>
    bool IsRoot { get; }

    /// <summary>Bytes that are free where a path is.</summary>
    /// <exception cref="Errors.AibException">The system does not say.</exception>
    long FreeSpace(string path);

    /// <summary>Runs a program for what it says, for some seconds at the longest.</summary>
    /// <param name="words">The program and its arguments.</param>
    ProgramRun RunProgram(IReadOnlyList<string> words);

    /// <summary>Changes lines of a file, at once or not at all; its mode stays.</summary>
    /// <param name="path">A regular file.</param>
    /// <param name="edit">Gives what a line becomes; null to drop it.</param>
    /// <exception cref="Errors.AibException">It could not be written, or is no regular file.</exception>
    void EditLines(string path, Func<string, string?> edit);
}
