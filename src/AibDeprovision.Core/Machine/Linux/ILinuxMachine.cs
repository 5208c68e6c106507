namespace AibDeprovision.Machine.Linux;

/// <summary>A Linux machine that can be generalized: its files, its processes and the programs of its system.</summary>
internal interface ILinuxMachine
{
    /// <summary>Its time.</summary>
    IClock Clock { get; }

    /// <summary>Its files, to be read.</summary>
    ILinuxFiles Files { get; }

    /// <summary>Its files, to be changed.</summary>
    ILinuxChanges Changes { get; }

    /// <summary>Whether this process may do everything.</summary>
    bool IsRoot { get; }

    /// <summary>Who has become root by sudo; null where nobody has.</summary>
    string? SudoUser { get; }

    /// <summary>The processes that live and have one of these names, without this one and those it comes from.</summary>
    IEnumerable<LinuxProcess> Processes(ICollection<string> names);

    /// <summary>The full path of a program by its name, from the folders where systems keep programs; null where there is none.</summary>
    string? FindProgram(string name);

    /// <summary>Runs a program to its end with nothing on standard input. At the limit it is ended with all that it has started.</summary>
    /// <param name="words">The program, by its full path, and its arguments.</param>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="cancel">Ends it in the same way.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ProgramRun Run(IReadOnlyList<string> words, TimeSpan limit, CancellationToken cancel);

    /// <summary>Begins to watch files. What changes from here on ends the next <see cref="IChangeWatch.Wait"/>.</summary>
    IChangeWatch Watch(Watched what);
}

/// <summary>A process of a Linux machine.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">The name of its program; the kernel keeps 15 bytes of it.</param>
/// <param name="CommandLine">The words that it was started with, with a blank after each.</param>
internal sealed record LinuxProcess(int Id, string Name, string CommandLine);

/// <summary>What came of a program.</summary>
/// <param name="Status">Its exit status as a shell gives it: 126 and 127 for one that cannot be run, 128 and the signal for one that was killed.</param>
/// <param name="Lines">What it has printed, on both streams.</param>
/// <param name="TimedOut">Whether it was ended at its limit.</param>
internal sealed record ProgramRun(int Status, IReadOnlyList<string> Lines, bool TimedOut = false)
{
    /// <summary>The status of a program that is there and cannot be run.</summary>
    public const int CannotBeRun = 126;

    /// <summary>The status of a program that is not there, or whose interpreter is not.</summary>
    public const int NotFound = 127;

    /// <summary>Whether it was run at all.</summary>
    public bool HasRun => Status is not (CannotBeRun or NotFound);
}
