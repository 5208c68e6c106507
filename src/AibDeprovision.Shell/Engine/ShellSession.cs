using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AibDeprovision.Shell.Host;
using Microsoft.PowerShell;

namespace AibDeprovision.Shell.Engine;

/// <summary>The engine with the module imported: runs one pipeline after the other and shows what they give.</summary>
internal sealed class ShellSession : IDisposable
{
    // The engine keeps $? from one pipeline to the next only for those that go into the history.
    private static readonly PSInvocationSettings s_typedByPerson = new() { AddToHistory = true };

    private readonly ShellHost _host = new();
    private readonly Runspace _runspace;

    /// <exception cref="ShellException">The module cannot be imported.</exception>
    public ShellSession(ModuleFolder module)
    {
        if (!Terminal.ColoursOutput)
        {
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        }

        // Scripts that are written for pwsh import the module by its name.
        var modulePath = Environment.GetEnvironmentVariable("PSModulePath");
        Environment.SetEnvironmentVariable("PSModulePath", module.Parent + Path.PathSeparator + modulePath);

        _runspace = RunspaceFactory.CreateRunspace(_host, InitialState(module));
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        try
        {
            _runspace.Open();
        }
        catch (RuntimeException error)
        {
            _runspace.Dispose();
            throw new ShellException(ExitCodes.Failure, $"The module '{module.ManifestPath}' cannot be imported: {error.Message}");
        }
    }

    /// <summary>The exit code that the session is to end with, once something asked for its end.</summary>
    public int? ExitCode => _host.ExitCode;

    /// <summary>Runs the text of a command line and gives the exit code that pwsh -Command gives for it.</summary>
    public int RunCommand(string text) =>
        Run(shell => shell.AddScript(text)) ?? (LastStatementSucceeded() ? ExitCodes.Success : ExitCodes.Failure);

    /// <summary>Runs a script and gives its exit code.</summary>
    public int RunFile(ScriptFile script)
    {
        try
        {
            var items = _runspace.SessionStateProxy.InvokeProvider.Item;
            items.Set([@"Function:\" + script.Name], script.Read(), force: true, literalPath: true);
        }
        catch (ParseException error)
        {
            return Fail(error);
        }

        return Run(shell =>
        {
            shell.AddCommand(script.Name);
            foreach (var parameter in script.Parameters())
            {
                shell.Commands.Commands[0].Parameters.Add(parameter);
            }
        }) ?? ExitCodes.Success;
    }

    /// <summary>Runs one pipeline and shows what it gives as it comes.</summary>
    /// <returns>The exit code when the pipeline decides it: by exit, by a terminating error, by being stopped.</returns>
    public int? Run(Action<PowerShell> fill)
    {
        using var shell = PowerShell.Create(_runspace);
        fill(shell);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        using var signals = new StopSignals(() => shell.BeginStop(callback: null, state: null));
        try
        {
            shell.Invoke(input: null, s_typedByPerson);
            return signals.ExitCode ?? ExitCode;
        }
        catch (PipelineStoppedException)
        {
            return signals.ExitCode ?? ExitCodes.Interrupted;
        }
        catch (RuntimeException error)
        {
            return Fail(error);
        }
        finally
        {
            _host.ShellUI.ClearProgress();
        }
    }

    public void Dispose() => _runspace.Dispose();

    private static InitialSessionState InitialState(ModuleFolder module)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Remove("Out-Default", typeof(SessionStateCmdletEntry));
        state.Commands.Add(new SessionStateCmdletEntry("Out-Default", typeof(OutDefault), helpFileName: null));

        // The engine's own help function pages with commands that the engine lacks.
        state.Commands.Remove("help", typeof(SessionStateFunctionEntry));
        state.Commands.Add(new SessionStateAliasEntry("help", "Get-Help"));

        state.ImportPSModule([module.ManifestPath]);
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        return state;
    }

    private int Fail(RuntimeException error)
    {
        _host.ShellUI.WriteErrorLine(ErrorText.Describe(new ErrorRecord(error.ErrorRecord, error)));
        return ExitCodes.Failure;
    }

    private bool LastStatementSucceeded()
    {
        using var shell = PowerShell.Create(_runspace);
        return shell.AddScript("$global:?").Invoke<bool>() is [true];
    }
}
