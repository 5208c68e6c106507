using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>
/// Generalizes the Windows machine it runs on, as the generated script does: looks whether it can be done, waits for the
/// guest agent, runs Sysprep, proves the seal. Every wait ends, and the verdict says why.
/// </summary>
internal sealed class WindowsDeprovision
{
    /// <summary>A stopped agent may be replacing itself; only after that long it is asked to start.</summary>
    public static readonly TimeSpan StartAfter = TimeSpan.FromSeconds(30);

    private readonly IWindowsMachine _machine;
    private readonly DeprovisionPlan _plan;
    private readonly DeprovisionLog _log;
    private readonly CancellationToken _cancel;
    private readonly SysprepStep _step;

    private WindowsDeprovision(IWindowsMachine machine, DeprovisionPlan plan, DeprovisionLog log, CancellationToken cancel)
    {
        _machine = machine;
        _plan = plan;
        _log = log;
        _cancel = cancel;
        _step = new SysprepStep(machine)
        {
            Arguments = SysprepArguments.Of(plan.ModeVm),
            RemoveProviders = plan.RemoveSysprepProviders,
            Strict = plan.Strict,
            Note = log.Phase,
            Warn = finding => log.Phase("prepare", $"warning: {finding.Message} {finding.Remedy}"),
            ShowLine = line => log.Evidence("sysprep", line),
        };
    }

    /// <summary>Does all of it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="plan">A checked plan for Windows.</param>
    /// <param name="write">Gets each line as phase and text.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DeprovisionResult Run(IWindowsMachine machine, DeprovisionPlan plan, Action<string, string> write, CancellationToken cancel)
    {
        var log = new DeprovisionLog(machine.Clock, write);
        var work = new WindowsDeprovision(machine, plan, log, cancel);
        DeprovisionResult result;
        try
        {
            result = work.Work();
        }
        catch (AibException e)
        {
            result = new DeprovisionResult { Verdict = DeprovisionExitCode.Unexpected, Cause = DeprovisionLog.OneLine(e.Explanation) };
        }
        log.Phase("verdict", $"{result.Verdict} (exit code {result.ExitCode}): {result.Cause}");
        return result with { Elapsed = log.Elapsed };
    }

    private TimeSpan Left => _plan.Deadline > _log.Elapsed ? _plan.Deadline - _log.Elapsed : TimeSpan.Zero;

    private DeprovisionResult Work()
    {
        ShowMachine();
        return NotAllowed() ?? AgentMissing() ?? NotReady() ?? TooLate() ?? Generalize();
    }

    private void ShowMachine()
    {
        if (WindowsReadiness.DescribeWindows(_machine.Registry) is { } windows)
        {
            _log.Phase("start", windows);
        }
        _log.Phase("start", FormattableString.Invariant($"image state {SysprepStateReader.ImageState(_machine.Registry) ?? "(none)"}; limits: services {_plan.ServiceTimeout.TotalSeconds} s, sysprep {_plan.SysprepTimeout.TotalSeconds} s, deadline {_plan.Deadline.TotalSeconds} s"));
    }

    private DeprovisionResult? NotAllowed() =>
        _machine.IsRedirected ? End(DeprovisionExitCode.NotReady, WindowsRules.Redirected.Finding())
        : !_machine.IsElevated ? End(DeprovisionExitCode.NotElevated, WindowsRules.NotElevated.Finding())
        : null;

    // The agent takes part in Sysprep, so it has to be up first. On a fast build it may not even be installed yet.
    private DeprovisionResult? AgentMissing()
    {
        var limit = Min(_plan.ServiceTimeout, Left);
        var outcomes = new ServiceWait(_machine, new ServiceWaitPlan
        {
            Required = _plan.RequiredServices,
            Optional = _plan.OptionalServices,
            Timeout = limit,
            AppearTimeout = limit,
            StartAfter = StartAfter,
            AlsoUntil = () => !IsSettingUp(),
            AlsoKeys = [SysprepFiles.StateKey],
            Note = text => _log.Phase("wait-services", text),
        }).Run(_cancel);
        foreach (var optional in outcomes.Where(o => !o.IsReached && o.Error is null && !_plan.RequiredServices.Contains(o.Name, StringComparer.OrdinalIgnoreCase) && o.State is not (WaitedService.Missing or WaitedService.Disabled)))
        {
            _log.Phase("wait-services", $"going on without the optional {optional.Name} ({optional.State})");
        }
        var failed = outcomes.Where(o => o.Error is not null).ToList();
        return failed.Exists(o => o.Error == ErrorId.ServiceDisabled) ? End(DeprovisionExitCode.AgentServiceNotStarted, Reasons(failed, ErrorId.ServiceDisabled) + " A customizer or an earlier Sysprep run has disabled it.")
            : failed.Exists(o => o.Error == ErrorId.ServiceNotInstalled) ? EndOnTime(DeprovisionExitCode.AgentServiceMissing, Reasons(failed, ErrorId.ServiceNotInstalled))
            : failed.Count > 0 ? EndOnTime(DeprovisionExitCode.AgentServiceNotStarted, Reasons(failed, ErrorId.ServiceNotRunning))
            : IsSettingUp() ? EndOnTime(DeprovisionExitCode.NotReady, SentencesOf(WindowsRules.SetupUnfinished.Finding(("found", ImageStates.Undeployable))))
            : null;
    }

    private DeprovisionResult? NotReady()
    {
        if (new SysprepFiles(_machine.WindowsFolder).Program is var program && !_machine.Files.Exists(program))
        {
            return End(DeprovisionExitCode.SysprepNotStarted, $"{program} is missing");
        }
        try
        {
            _step.Prepare();
            return null;
        }
        catch (AibException e) when (e.Id == ErrorId.NotReady)
        {
            return End(DeprovisionExitCode.NotReady, e.Explanation) with { Findings = _step.Findings };
        }
    }

    // Whoever gives up on Sysprep leaves it at work; so it is not started only to be given up.
    private DeprovisionResult? TooLate() => Left > TimeSpan.Zero ? null
        : EndOnTime(DeprovisionExitCode.DeadlinePassed, "no time is left for Sysprep, and it has not been started; raise Deadline above ServiceTimeout");

    private DeprovisionResult Generalize()
    {
        var trace = new WindowsTrace(_machine, _plan.NoTrace, _log);
        trace.Begin();
        try
        {
            _step.Run(Min(_plan.SysprepTimeout, Left), _cancel);
        }
        catch (AibException e) when (e.Id == ErrorId.SysprepNotStarted)
        {
            return End(DeprovisionExitCode.SysprepNotStarted, e.Message);
        }
        catch (AibException e) when (e.Id is ErrorId.SysprepNotSealed or ErrorId.SysprepTimedOut)
        {
            var verdict = e.Id == ErrorId.SysprepNotSealed ? DeprovisionExitCode.SysprepNotSealed : DeprovisionExitCode.DeadlinePassed;
            return End(verdict, e.Message) with { Findings = _step.Findings };
        }
        _log.Phase("verify", $"image state is {ImageStates.GeneralizedToOobe}, Sysprep_succeeded.tag is there, Sysprep has ended");
        trace.Leave();
        return End(DeprovisionExitCode.Sealed, "the machine is generalized");
    }

    // Undeployable while nobody runs Sysprep: setup has not ended, or an earlier run broke off.
    private bool IsSettingUp() => SysprepStateReader.ImageState(_machine.Registry) == ImageStates.Undeployable;

    private static string SentencesOf(Finding finding) => $"{finding.Message} {finding.Remedy}";

    private static DeprovisionResult End(DeprovisionExitCode verdict, Finding finding) => End(verdict, SentencesOf(finding)) with { Findings = [finding] };

    private static DeprovisionResult End(DeprovisionExitCode verdict, string cause) => new() { Verdict = verdict, Cause = DeprovisionLog.OneLine(cause) };

    // Where it was the overall deadline that cut a phase short, that is what the verdict says.
    private DeprovisionResult EndOnTime(DeprovisionExitCode verdict, string cause) => Left > TimeSpan.Zero
        ? End(verdict, cause)
        : End(DeprovisionExitCode.DeadlinePassed, FormattableString.Invariant($"the deadline of {_plan.Deadline.TotalSeconds} s has passed: {cause}"));

    private static string Reasons(List<WaitOutcome> failed, ErrorId error) => string.Join(" ", failed.Where(o => o.Error == error).Select(o => o.Reason));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
