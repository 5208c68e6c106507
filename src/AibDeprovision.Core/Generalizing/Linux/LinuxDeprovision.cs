using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>
/// Generalizes the Linux machine it runs on, as the generated script does: waits until nobody is at work, runs waagent,
/// clears what waagent leaves, proves that it is gone. All of it is bounded, and the verdict says how it has ended.
/// </summary>
internal static class LinuxDeprovision
{
    private static readonly TimeSpan SyncLimit = TimeSpan.FromMinutes(2);

    /// <summary>Does all of it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="plan">A checked plan for Linux.</param>
    /// <param name="write">Gets each line as phase and text.</param>
    /// <param name="cancel">Ends it at once; what waagent was lent is taken back.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DeprovisionResult Run(ILinuxMachine machine, DeprovisionPlan plan, Action<string, string> write, CancellationToken cancel)
    {
        var log = new DeprovisionLog(machine.Clock, write);
        DeprovisionResult result;
        try
        {
            Work(new LinuxWork(machine, plan, log, cancel));
            result = new DeprovisionResult { Verdict = DeprovisionExitCode.Sealed, Cause = "the machine is generalized, and that was verified" };
        }
        catch (DeprovisionEndException e)
        {
            result = new DeprovisionResult { Verdict = e.Verdict, Cause = DeprovisionLog.OneLine(e.Message), Findings = e.Findings };
        }
        catch (AibException e)
        {
            result = new DeprovisionResult { Verdict = DeprovisionExitCode.Unexpected, Cause = DeprovisionLog.OneLine($"{e.Message} {e.Advice}") };
        }
        log.Phase("verdict", $"{result.Verdict} (exit code {result.ExitCode}): {result.Cause}");
        return result with { Elapsed = log.Elapsed };
    }

    private static void Work(LinuxWork work)
    {
        if (!work.Machine.IsRoot)
        {
            throw new DeprovisionEndException(DeprovisionExitCode.NotElevated, "it has to run as root");
        }
        var agent = LinuxAgent.Find(work);
        work.Log.Phase("start", $"{SystemOf(work.Look())}; {agent}; deadline {work.Plan.Deadline.TotalSeconds} s");
        new LinuxQuiet(work).Wait();
        var before = work.Look();
        var user = BuildUser.Find(work, before);
        var cleaning = new LinuxCleaning(work, user, new WhatReturns(before));
        agent.Deprovision(user);
        cleaning.Clean();
        cleaning.Verify();
        RemoveScript(work);
        work.RunIfThere(SyncLimit, "sync");
    }

    private static string SystemOf(LinuxTree tree) =>
        tree.LinesOf("/etc/os-release").Select(line => line.Text).FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?.Substring(12).Replace("\"", "") ?? "unknown system";

    // Where this was called from it, or the service has put it there: it has done its work.
    private static void RemoveScript(LinuxWork work)
    {
        var script = DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Linux);
        if (work.Look().Look(script) is { Kind: MachineFileKind.File })
        {
            work.Try("verify", changes => changes.Remove(script));
        }
    }
}
