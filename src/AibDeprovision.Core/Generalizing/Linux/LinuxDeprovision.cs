using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Scripts;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>
/// Generalizes the Linux machine it runs on by the script of the same plan: there is one implementation. What the script prints is
/// shown as it comes; afterwards the rules of the residue are asked too, and what has to go by them fails a seal.
/// </summary>
internal static class LinuxDeprovision
{
    // The script ends by itself at its deadline; this is for one that cannot.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Does all of it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="plan">A checked plan for Linux.</param>
    /// <param name="write">Gets each line as phase and text.</param>
    /// <param name="cancel">Ends it at once; the script still puts back what it has taken.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DeprovisionResult Run(ILinuxMachine machine, DeprovisionPlan plan, Action<string, string> write, CancellationToken cancel)
    {
        var log = new DeprovisionLog(machine.Clock, write);
        DeprovisionResult result;
        try
        {
            result = machine.IsRoot ? RunScript(machine, plan, write, cancel) : Ended(DeprovisionExitCode.NotElevated, "it has to run as root");
        }
        catch (AibException e)
        {
            result = Ended(DeprovisionExitCode.Unexpected, e.Explanation);
        }
        log.Phase("verdict", $"{result.Verdict} (exit code {result.ExitCode}): {result.Cause}");
        return result with { Elapsed = log.Elapsed };
    }

    private static DeprovisionResult RunScript(ILinuxMachine machine, DeprovisionPlan plan, Action<string, string> write, CancellationToken cancel)
    {
        var lines = new ScriptLines(write);
        var status = machine.RunScript(ScriptGenerator.Generate(plan).Content, lines.Take, plan.Deadline + Patience, cancel);
        var result = lines.ResultOf(status, plan.Deadline);
        if (result.Verdict == DeprovisionExitCode.Sealed)
        {
            // It has done its work.
            machine.RemoveFile(plan.TargetPath);
        }
        return result.Verdict is DeprovisionExitCode.Sealed or DeprovisionExitCode.ResidueLeft ? WithFindings(result, machine, plan, lines.User, cancel) : result;
    }

    private static DeprovisionResult WithFindings(DeprovisionResult result, ILinuxMachine machine, DeprovisionPlan plan, string? user, CancellationToken cancel)
    {
        var policy = new GeneralizationPolicy { Keep = plan.Keep, KeepUser = plan.KeepUser, Users = user is null ? [] : [user] };
        var report = LinuxResidue.CheckGeneralized(machine.Files, policy, cancel);
        var findings = report.HasToGo.ToList();
        if (result.Verdict != DeprovisionExitCode.Sealed || report.First is not { } first)
        {
            return result with { Findings = findings };
        }
        // It says something else than this verdict.
        machine.RemoveFile(SealTrace.LinuxPath);
        return Ended(DeprovisionExitCode.ResidueLeft, FormattableString.Invariant($"{report.Count} left by the rules of Test-AibGeneralization, first {first.Path} ({first.What})")) with { Findings = findings };
    }

    private static DeprovisionResult Ended(DeprovisionExitCode verdict, string cause) => new() { Verdict = verdict, Cause = DeprovisionLog.OneLine(cause) };
}
