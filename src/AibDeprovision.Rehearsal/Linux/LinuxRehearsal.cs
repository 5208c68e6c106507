using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Rehearsal.Linux;

/// <summary>
/// Runs a Linux deprovision script on a throw-away machine that behaves as a scenario says, in the machine's own time:
/// an hour's sleep takes no time. Where that isolation is not to be had, nothing is run.
/// </summary>
internal static class LinuxRehearsal
{
    private static readonly IReadOnlyDictionary<string, string> AsSudoGivesIt = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["HOME"] = "/root",
        ["USER"] = "root",
        ["LOGNAME"] = "root",
        ["SHELL"] = "/bin/bash",
        ["LANG"] = "C.UTF-8",
        ["SUDO_USER"] = ProvisionedMachine.User,
        ["SUDO_UID"] = "1000",
        ["SUDO_GID"] = "1000",
        ["SUDO_COMMAND"] = "/usr/bin/sh " + ProvisionedMachine.ScriptPath,
    };

    /// <summary>The real time after which a rehearsal gives up: of a script that sleeps, none is ever near it.</summary>
    private static readonly TimeSpan RealTimeLimit = TimeSpan.FromSeconds(20);

    /// <summary>Why Linux scripts cannot be rehearsed on this host; null when they can.</summary>
    public static string? Unavailable => LinuxSandbox.Unavailable;

    /// <summary>The ways a machine can behave.</summary>
    public static IReadOnlyList<LinuxScenario> Scenarios => LinuxScenarios.All;

    /// <summary>Runs a script under a scenario.</summary>
    /// <param name="scriptText">The script, as it would stand in /tmp/DeprovisioningScript.sh.</param>
    /// <param name="scenario">One of <see cref="Scenarios"/>.</param>
    /// <param name="buildTimeout">The build's time limit; what goes on beyond it has hung.</param>
    /// <param name="cancellation">Ends the rehearsal at once, and everything that it has started.</param>
    /// <exception cref="OperationCanceledException">The rehearsal was cancelled.</exception>
    public static RehearsalResult Run(string scriptText, LinuxScenario scenario, TimeSpan buildTimeout, CancellationToken cancellation)
    {
        if (scriptText is null)
        {
            throw new ArgumentNullException(nameof(scriptText));
        }
        if (scenario is null)
        {
            throw new ArgumentNullException(nameof(scenario));
        }
        return Run(scriptText, scenario, buildTimeout, RealTimeLimit, Unavailable, cancellation);
    }

    /// <summary>As <see cref="Run(string, LinuxScenario, TimeSpan, CancellationToken)"/>, with what tests have to set.</summary>
    internal static RehearsalResult Run(
        string scriptText, LinuxScenario scenario, TimeSpan buildTimeout, TimeSpan realTimeLimit, string? unavailable, CancellationToken cancellation)
    {
        if (unavailable is not null)
        {
            return new() { Scenario = scenario.Name, Outcome = RehearsalOutcome.NotRehearsable, Detail = unavailable };
        }
        var machine = ProvisionedMachine.Create(scriptText);
        scenario.Prepare(machine);
        var run = LinuxSandbox.Run(machine, ["/opt/rehearsal/start"], new()
        {
            AsRoot = scenario.AsRoot,
            DiskSize = scenario.DiskSize,
            Environment = AsSudoGivesIt,
            TimeLimit = realTimeLimit,
            VirtualTimeLimit = buildTimeout,
        }, cancellation);
        return Judge(run, machine) with { Scenario = scenario.Name, VirtualTime = run.VirtualTime, Isolation = RehearsalIsolation.Sandbox };
    }

    private static RehearsalResult Judge(SandboxRun run, ScratchMachine machine)
    {
        var result = new RehearsalResult { Output = ScriptOutput.Lines(run.Output), Detail = run.Reason };
        switch (run.End)
        {
            case SandboxEnd.Hung:
                return result with { Outcome = RehearsalOutcome.Hung };
            case SandboxEnd.SessionLost:
                return result with { Outcome = RehearsalOutcome.SessionLost };
            case SandboxEnd.Exited when machine.Exists("/.session-lost"):
                return result with { Outcome = RehearsalOutcome.SessionLost, Detail = "The machine went down while the script ended." };
            case SandboxEnd.Exited:
                return JudgeExit(result with { ExitCode = run.ExitCode }, machine, run.AgentCalls);
            default:
                return result with { Outcome = RehearsalOutcome.NotRehearsable };
        }
    }

    private static RehearsalResult JudgeExit(RehearsalResult result, ScratchMachine machine, IReadOnlyList<string> agentCalls)
    {
        var check = new GeneralizationCheck(machine, agentCalls);
        var isSealed = result.ExitCode == 0 && check.Broken.Count == 0;
        if (ScriptOutput.UnknownCommand(result.Output) is { } unknown && !isSealed)
        {
            return result with { Outcome = RehearsalOutcome.NotRehearsable, Detail = unknown };
        }
        if (result.ExitCode != 0)
        {
            return result with { Outcome = RehearsalOutcome.Failed, Cause = ScriptOutput.Cause(result.Output) };
        }
        return isSealed
            ? result with { Outcome = RehearsalOutcome.Sealed, Detail = check.Left.Count == 0 ? null : $"Sealed, but left: {string.Join(", ", check.Left)}." }
            : result with { Outcome = RehearsalOutcome.FalseSuccess, Detail = $"It exited with 0 and left {string.Join(", ", check.Broken)}." };
    }
}
