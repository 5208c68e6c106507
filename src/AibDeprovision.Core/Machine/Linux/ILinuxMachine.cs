namespace AibDeprovision.Machine.Linux;

/// <summary>A Linux machine that can be generalized by a script.</summary>
internal interface ILinuxMachine
{
    /// <summary>Its time.</summary>
    IClock Clock { get; }

    /// <summary>Its files, to be read.</summary>
    ILinuxFiles Files { get; }

    /// <summary>Whether this process may do everything.</summary>
    bool IsRoot { get; }

    /// <summary>
    /// Runs a script by /bin/sh, from a file that only root can read and that is gone afterwards, with nothing on standard input.
    /// </summary>
    /// <param name="script">Its text.</param>
    /// <param name="line">Gets each line that it prints, on the thread that called.</param>
    /// <param name="limit">When it is ended where it has not ended by itself.</param>
    /// <param name="cancel">Ends it; it may still put back what it has taken.</param>
    /// <returns>Its exit status as a shell gives it; null where it was ended at the limit.</returns>
    /// <exception cref="Errors.AibException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    int? RunScript(string script, Action<string> line, TimeSpan limit, CancellationToken cancel);

    /// <summary>Removes a file, unless it is a link; one that cannot be removed stays.</summary>
    void RemoveFile(string path);
}

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
