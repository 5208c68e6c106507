using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Runs Windows deprovision scripts against simulated VMs. A script really runs, in the engine, but in a runspace that
/// holds nothing except the simulated commands, in ConstrainedLanguage, and behind <see cref="ScriptGate"/>.
/// </summary>
internal sealed class RehearsalSandbox(SandboxLimits limits)
{
    private readonly InitialSessionState _state = SandboxSessionState.Create();
    private (string Text, ScriptGate Gate)? _lastRead;

    /// <summary>Whether a script was given up that did not react: its thread may go on for ever.</summary>
    public bool HasThreadLeft { get; private set; }

    /// <summary>Runs a script on a VM until it ends, until the build's time limit, or until the token is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public RehearsalResult Run(string script, SimulatedVm vm, RehearsalOptions options, CancellationToken cancel)
    {
        foreach (var file in options.Files)
        {
            vm.Files.Put(VmPath.Of(vm, file.Key).Full, file.Value);
        }
        vm.KeepScript();
        var run = new ScriptRun(vm, options.BuildTimeout, cancel) { AlsoDone = options.AssumeDone };
        var result = new RehearsalResult { Outcome = RehearsalOutcome.NotRehearsable };
        // A stack of its own, since a script may recurse, and a thread that can be given up, since it may not react.
        var thread = new Thread(() => result = RunHere(script, run), limits.StackSize) { IsBackground = true, Name = "Rehearsal" };
        using var watch = new SandboxWatch(limits, run, thread, cancel);
        thread.Start();
        while (!thread.Join(limits.WatchInterval))
        {
            watch.Look();
            if (watch.HasGivenUp)
            {
                HasThreadLeft = true;
                cancel.ThrowIfCancellationRequested();
                return ResultOf(run, exitCode: null, failure: null);
            }
        }
        cancel.ThrowIfCancellationRequested();
        return result;
    }

    // Whatever comes out of the engine, or out of a thread that was given up: it is the script's doing, and ends nobody else.
    private RehearsalResult RunHere(string script, ScriptRun run)
    {
        VmTime.Use(run);
        try
        {
            var result = Execute(script, run);
            // A customizer that makes the override: what is judged is the script that it leaves, which runs last.
            var isDone = result.Outcome == RehearsalOutcome.FalseSuccess || (result.Outcome == RehearsalOutcome.Sealed && run.Vm.Sysprep.CommandLines.Count == 0);
            return isDone && run.Vm.NewScript is { } next ? JudgedBy(Execute(next, run)) : result;
        }
        catch (Exception e)
        {
            run.Refuse(0, $"the engine cannot run the script ({e.GetType().Name})");
            return ResultOf(run, exitCode: null, failure: null);
        }
    }

    private static RehearsalResult JudgedBy(RehearsalResult next) => next with
    {
        Detail = string.Join("; ", new[] { $"judged by the {SimulatedVm.ScriptPath} that it leaves", next.Detail }.Where(part => part is not null)),
    };

    private RehearsalResult Execute(string script, ScriptRun run)
    {
        // The same script comes again and again, with another VM each time.
        var gate = _lastRead is { } last && last.Text == script ? last.Gate : ScriptGate.Read(script);
        _lastRead = (script, gate);
        if (gate.Refusal is { } refusal)
        {
            run.Refuse(refusal.Line, refusal.Construct);
            return ResultOf(run, exitCode: null, failure: null);
        }
        if ((gate.SyntaxError ?? (gate.NeedsElevation && !run.Vm.User.IsElevated ? "it requires an elevated administrator (#requires -RunAsAdministrator)" : null)) is { } error)
        {
            run.Output.Add(error);
            return ResultOf(run, exitCode: 1, $"the script is not run at all: {error}");
        }
        run.Adopt(gate, isScript: true);
        var host = new SandboxHost(run);
        using var runspace = RunspaceFactory.CreateRunspace(host, _state);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        foreach (var table in MaskedNames.Values.Where(value => value.Value is System.Collections.Hashtable))
        {
            // A table of its own for each VM: the session state has one for all.
            runspace.SessionStateProxy.SetVariable(table.Key, table.Value);
        }
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        run.StackOf = runspace.Debugger.GetCallStack;
        run.Stop = () => new Thread(() => Stop(shell)) { IsBackground = true, Name = "Rehearsal stop" }.Start();
        using var guard = new EngineGuard(run, runspace);
        return Invoke(shell, gate.Text, run, host);
    }

    private static RehearsalResult Invoke(PowerShell shell, string text, ScriptRun run, SandboxHost host)
    {
        // A block that is made of a text the engine knows is compiled already; AddScript(text) would compile it anew each time.
        shell.AddScript("param($script) & $script", useLocalScope: true).AddArgument(shell.Runspace.SessionStateProxy.InvokeCommand.NewScriptBlock(text));
        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, _) => AddAll(run, output);
        shell.Streams.Error.DataAdded += (_, _) => AddErrors(run, shell.Streams.Error);
        string? failure = null;
        try
        {
            shell.Invoke(null, output);
        }
        catch (PipelineStoppedException)
        {
            // The run says why.
        }
        catch (RuntimeException e)
        {
            failure = ErrorText.MessageOf(e.ErrorRecord);
            run.Output.Add(ErrorText.Of(e.ErrorRecord), failure);
        }
        var last = shell.Runspace.SessionStateProxy.GetVariable("global:LASTEXITCODE");
        return ResultOf(run, failure is not null ? 1 : run.ExitCode ?? host.ExitCode ?? (last is int code ? code : 0), failure);
    }

    // Waits for the script to react, which it may never do: so on a thread of its own that keeps no process alive.
    private static void Stop(PowerShell shell)
    {
        try
        {
            shell.Stop();
        }
        catch (Exception e) when (e is NullReferenceException or ObjectDisposedException)
        {
            // The script has ended in the same moment; the engine (7.6) stumbles over that.
        }
    }

    private static void AddAll(ScriptRun run, PSDataCollection<PSObject> output)
    {
        foreach (var item in output.ReadAll())
        {
            run.Output.Add(ObjectText.Of(item), item?.BaseObject is ErrorRecord error ? ErrorText.MessageOf(error) : null);
        }
    }

    private static void AddErrors(ScriptRun run, PSDataCollection<ErrorRecord> errors)
    {
        foreach (var error in errors.ReadAll())
        {
            run.Output.Add(ErrorText.Of(error), ErrorText.MessageOf(error));
        }
    }

    private static RehearsalResult ResultOf(ScriptRun run, int? exitCode, string? failure)
    {
        var time = run.Vm.Clock.Elapsed;
        var isSealed = run.Vm.IsSealed;
        var missing = $"the VM is not generalized: {run.Vm.Sysprep.Fate ?? "Sysprep was never started"}, and the image state is {run.Vm.ImageState ?? "missing"}";
        if (exitCode == 0)
        {
            run.WaitForBuild();
        }
        var outcome = run.EndedBy?.Outcome
            ?? (exitCode != 0 ? RehearsalOutcome.Failed : isSealed ? RehearsalOutcome.Sealed : RehearsalOutcome.FalseSuccess);
        var cause = outcome == RehearsalOutcome.Failed ? failure ?? NamedCause.In(run.Output) : null;
        return new RehearsalResult
        {
            Outcome = outcome,
            VirtualTime = time,
            ExitCode = run.EndedBy is null ? exitCode : null,
            Output = run.Output.Lines,
            Cause = cause,
            Detail = DetailOf(run, outcome, cause, missing),
        };
    }

    private static string? DetailOf(ScriptRun run, RehearsalOutcome outcome, string? cause, string missing)
    {
        var reason = outcome switch
        {
            RehearsalOutcome.FalseSuccess => missing,
            RehearsalOutcome.Failed when cause is null => "the script exits without a word about the cause",
            _ => run.EndedBy?.Detail,
        };
        return string.Join("; ", new[] { reason, run.NotSimulated.Text }.Where(part => part is not null)) is { Length: > 0 } detail ? detail : null;
    }
}
