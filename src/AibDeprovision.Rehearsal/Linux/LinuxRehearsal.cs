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
    /// <param name="options">The build's time limit, beyond which what goes on has hung, and what else is said of the build.</param>
    /// <param name="cancellation">Ends the rehearsal at once, and everything that it has started.</param>
    /// <exception cref="OperationCanceledException">The rehearsal was cancelled.</exception>
    public static RehearsalResult Run(string scriptText, LinuxScenario scenario, RehearsalOptions options, CancellationToken cancellation)
    {
        if (scriptText is null)
        {
            throw new ArgumentNullException(nameof(scriptText));
        }
        if (scenario is null)
        {
            throw new ArgumentNullException(nameof(scenario));
        }
        return Run(scriptText, scenario, options, RealTimeLimit, Unavailable, cancellation);
    }

    /// <summary>As <see cref="Run(string, LinuxScenario, RehearsalOptions, CancellationToken)"/>, with what tests have to set.</summary>
    internal static RehearsalResult Run(
        string scriptText, LinuxScenario scenario, RehearsalOptions options, TimeSpan realTimeLimit, string? unavailable, CancellationToken cancellation)
    {
        if (unavailable is not null)
        {
            return new() { Scenario = scenario.Name, Outcome = RehearsalOutcome.NotRehearsable, Detail = unavailable };
        }
        if (ShellLine.UnknownInterpreter(scriptText) is { } interpreter)
        {
            return new() { Scenario = scenario.Name, Outcome = RehearsalOutcome.NotRehearsable, Detail = $"the interpreter {interpreter}, line 1" };
        }
        var machine = ProvisionedMachine.Create(scriptText, options);
        scenario.Prepare(machine);
        var run = LinuxSandbox.Run(machine, ["/opt/rehearsal/start"], new()
        {
            AsRoot = scenario.AsRoot,
            DiskSize = scenario.DiskSize,
            Environment = AsSudoGivesIt,
            TimeLimit = realTimeLimit,
            VirtualTimeLimit = options.BuildTimeout,
        }, cancellation);
        return Judge(run, machine, options) with { Scenario = scenario.Name, VirtualTime = run.VirtualTime, Isolation = RehearsalIsolation.Sandbox };
    }

    private static RehearsalResult Judge(SandboxRun run, ScratchMachine machine, RehearsalOptions options)
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
                return JudgeExit(result with { ExitCode = run.ExitCode }, machine, run.AgentCalls, options);
            default:
                return result with { Outcome = RehearsalOutcome.NotRehearsable };
        }
    }

    private static RehearsalResult JudgeExit(RehearsalResult result, ScratchMachine machine, IReadOnlyList<string> agentCalls, RehearsalOptions options)
    {
        var check = new GeneralizationCheck(machine, agentCalls, options.KeepUser);
        var isSealed = result.ExitCode == 0 && check.Broken.Count == 0;
        if (ScriptOutput.UnknownCommand(result.Output) is { } unknown && !isSealed)
        {
            return result with { Outcome = RehearsalOutcome.NotRehearsable, Detail = unknown };
        }
        if (result.ExitCode != 0)
        {
            var cause = ScriptOutput.Cause(result.Output);
            return result with { Outcome = RehearsalOutcome.Failed, Cause = cause, Detail = Said(cause is null ? "The script exits without a word about the cause." : null, NotSimulated(machine)) };
        }
        if (isSealed)
        {
            return result with { Outcome = RehearsalOutcome.Sealed, Detail = Said(check.Left.Count == 0 ? null : $"Sealed, but left: {string.Join(", ", check.Left)}.", NotSimulated(machine)) };
        }
        var deferred = machine.ReadFile("/opt/rehearsal/deferred")?.Trim();
        return result with
        {
            Outcome = RehearsalOutcome.FalseSuccess,
            Detail = Said(
                $"It exited with 0 and left {string.Join(", ", check.Broken)}.",
                deferred is not null ? $"What it left to {deferred} had not been done by then." : null,
                check.AskedWithoutUser ? "waagent -deprovision without +user leaves the user; -KeepUser says that this is meant." : null,
                NotSimulated(machine)),
        };
    }

    private static string? Said(params string?[] parts) => string.Join(" ", parts.Where(part => part is not null)) is { Length: > 0 } text ? text : null;

    private static string? NotSimulated(ScratchMachine machine)
    {
        var names = (machine.ReadFile("/opt/rehearsal/assumed") ?? "").Split(['\n'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Take(10).ToList();
        return names.Count == 0 ? null : $"Not simulated: {string.Join(", ", names)}.";
    }
}
