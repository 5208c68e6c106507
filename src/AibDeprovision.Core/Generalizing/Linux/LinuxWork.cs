using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>What every part of generalizing a Linux machine works with.</summary>
/// <param name="machine">The machine.</param>
/// <param name="plan">What is to be done.</param>
/// <param name="log">Where it is told.</param>
/// <param name="cancel">Ends it.</param>
internal sealed class LinuxWork(ILinuxMachine machine, DeprovisionPlan plan, DeprovisionLog log, CancellationToken cancel)
{
    /// <summary>The most lines that are shown of what a program has printed.</summary>
    private const int MostEvidence = 200;

    public ILinuxMachine Machine => machine;

    public DeprovisionPlan Plan => plan;

    public DeprovisionLog Log => log;

    public CancellationToken Cancel => cancel;

    /// <summary>The time until the deadline.</summary>
    public TimeSpan Left => plan.Deadline > log.Elapsed ? plan.Deadline - log.Elapsed : TimeSpan.Zero;

    /// <summary>The deadline, for a sentence.</summary>
    public string Deadline => FormattableString.Invariant($"the deadline of {plan.Deadline.TotalSeconds} s");

    /// <summary>The machine's files as they are now.</summary>
    public LinuxTree Look() => new(machine.Files);

    /// <summary>Whether the plan keeps this residue.</summary>
    public bool Keeps(ResidueKinds item) => (plan.Keep & item) != ResidueKinds.None;

    /// <summary>Runs a program for the longest time given, and never beyond the deadline.</summary>
    /// <exception cref="DeprovisionEndException">The deadline has passed already.</exception>
    public ProgramRun Run(TimeSpan atMost, params string[] words) => Left == TimeSpan.Zero
        ? throw new DeprovisionEndException(DeprovisionExitCode.DeadlinePassed, $"{Deadline} passed before '{words[0]}' was run")
        : machine.Run(words, atMost < Left ? atMost : Left, cancel);

    /// <summary>Runs a program of the system where it is there; null where it is not.</summary>
    public ProgramRun? RunIfThere(TimeSpan atMost, string name, params string[] arguments) =>
        machine.FindProgram(name) is { } program ? Run(atMost, [program, .. arguments]) : null;

    /// <summary>Shows what a program has printed.</summary>
    public void ShowEvidence(string phase, ProgramRun run)
    {
        foreach (var line in run.Lines.Skip(run.Lines.Count - MostEvidence))
        {
            log.Evidence(phase, line);
        }
    }

    /// <summary>To be asked in whatever goes through many files.</summary>
    /// <exception cref="DeprovisionEndException">The deadline has passed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void GoOn()
    {
        cancel.ThrowIfCancellationRequested();
        if (Left == TimeSpan.Zero)
        {
            throw new DeprovisionEndException(DeprovisionExitCode.DeadlinePassed, $"{Deadline} passed before the machine was clean");
        }
    }

    /// <summary>Changes files. What fails is told and left to the verification, and the rest goes on.</summary>
    /// <returns>Whether it went well.</returns>
    public bool Try(string phase, Action<ILinuxChanges> change)
    {
        try
        {
            change(machine.Changes);
            return true;
        }
        catch (AibException e)
        {
            log.Evidence(phase, e.Message);
            return false;
        }
    }
}

/// <summary>Ends a deprovision with a verdict, from wherever it has come to.</summary>
/// <param name="verdict">The verdict.</param>
/// <param name="cause">Why, as a sentence.</param>
internal sealed class DeprovisionEndException(DeprovisionExitCode verdict, string cause) : Exception(cause)
{
    /// <summary>The verdict.</summary>
    public DeprovisionExitCode Verdict => verdict;

    /// <summary>What has led to it; empty where the cause says it all.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
