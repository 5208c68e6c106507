using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using AibDeprovision.Rehearsal.Windows.Programs;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Stands between a running script and the engine. A command is run only when what its name leads to is a simulated
/// command, a function or a program of the VM; anything else ends the run. It also sees ConstrainedLanguage's refusals
/// where the script catches them.
/// </summary>
internal sealed class EngineGuard : IDisposable
{
    // What is left of $true or of an assignment when a script went through double quotes: no machine has such commands.
    private static readonly HashSet<string> NoCommands = new(StringComparer.OrdinalIgnoreCase) { "True", "False", "=" };

    private const int LongestQuote = 100;

    private readonly ScriptRun _run;
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly Dictionary<string, ScriptBlock> _programs = new(StringComparer.OrdinalIgnoreCase);

    public EngineGuard(ScriptRun run, Runspace runspace)
    {
        _run = run;
        var commands = runspace.SessionStateProxy.InvokeCommand;
        commands.PreCommandLookupAction = (_, lookup) => Closed(lookup, BeforeLookup);
        commands.PostCommandLookupAction = (_, lookup) => Closed(lookup, AfterLookup);
        commands.CommandNotFoundAction = (_, lookup) => Closed(lookup, Replace);
        AppDomain.CurrentDomain.FirstChanceException += OnException;
    }

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= OnException;

    // The engine takes an exception of a handler for the answer that nothing is to be changed.
    private void Closed(CommandLookupEventArgs lookup, Action<CommandLookupEventArgs> decide)
    {
        try
        {
            decide(lookup);
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            _run.Refuse(0, $"a command whose name cannot be looked up ({e.GetType().Name})");
            lookup.CommandScriptBlock = ProgramOf("refused");
        }
    }

    private void BeforeLookup(CommandLookupEventArgs lookup)
    {
        if (SandboxSessionState.Internal.TryGetValue(lookup.CommandName, out var own))
        {
            // Whatever function of that name there may be.
            lookup.Command = own;
            lookup.StopSearch = true;
            return;
        }
        // A function of the name may never have been defined, or not where the script is now: the engine knows.
        if (!SandboxSessionState.Names.Contains(lookup.CommandName) && !_run.Functions.Contains(lookup.CommandName))
        {
            Replace(lookup);
        }
    }

    private void AfterLookup(CommandLookupEventArgs lookup)
    {
        if (!IsAllowed(lookup.Command))
        {
            Replace(lookup);
        }
    }

    private static bool IsAllowed(CommandInfo command) => command switch
    {
        // The session holds none but those that the script defines, and those that stand for programs.
        FunctionInfo { Module: null } => true,
        CmdletInfo cmdlet => SandboxSessionState.Types.Contains(cmdlet.ImplementingType),
        AliasInfo alias => alias.ResolvedCommand is { } resolved && IsAllowed(resolved),
        ScriptInfo => true,
        _ => false,
    };

    // Puts the simulated program in its place, or else the place where the run is stopped.
    private void Replace(CommandLookupEventArgs lookup)
    {
        var name = lookup.CommandName;
        if (_run.AssumesDone(name) || (AssumedDone.Contains(name) && !VmProgram.IsKnown(name)))
        {
            lookup.CommandScriptBlock = SkipOf(name);
            return;
        }
        if (!VmProgram.IsKnown(name) && !NoCommands.Contains(name) && !NewerParameters.IsNewerCommand(name))
        {
            _run.Refuse(CurrentLine(), $"the command {ScriptGate.Unmask(name)}");
        }
        lookup.CommandScriptBlock = ProgramOf(name);
    }

    private static ScriptBlock SkipOf(string name) => ScriptBlock.Create($"$null = $input; Skip-SimulatedCommand -Name {PowerShellText.Quote(name)} -Arguments $args");

    private ScriptBlock ProgramOf(string name)
    {
        if (!_programs.TryGetValue(name, out var program))
        {
            program = ScriptBlock.Create($"Invoke-SimulatedProgram -Program {PowerShellText.Quote(name)} -Arguments $args -Invocation $MyInvocation");
            _programs[name] = program;
        }
        return program;
    }

    private void OnException(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (Thread.CurrentThread != _thread || _run.EndedBy is not null || e.Exception is not IContainsErrorRecord { ErrorRecord: { } record })
        {
            return;
        }
        if (e.Exception is ParameterBindingException { ErrorId: "NamedParameterNotFound", CommandInvocation.MyCommand: CmdletInfo command } binding && !NewerParameters.Has(command.Name, binding.ParameterName))
        {
            _run.Refuse(CurrentLine(), $"{command.Name} -{binding.ParameterName}");
        }
        else if (IsRefusal(record.FullyQualifiedErrorId))
        {
            _run.Refuse(record.InvocationInfo?.ScriptLineNumber is > 0 and var line ? line : CurrentLine(), $"a .NET type or method that the rehearsal does not have{Quoted(record.InvocationInfo)}");
        }
    }

    private static bool IsRefusal(string id) =>
        id == "MethodNotFound" || id.IndexOf("ConstrainedLanguage", StringComparison.Ordinal) >= 0 || id.IndexOf("OnlyToCoreTypes", StringComparison.Ordinal) >= 0;

    // The statement itself, as far as it is the script's own.
    private static string Quoted(InvocationInfo? where)
    {
        var line = ScriptGate.Unmask(where?.Line?.Trim() ?? "");
        return line.Length is 0 or > LongestQuote ? "" : $" ({line})";
    }

    private int CurrentLine() => WaitingPlace.LineOf(_run) is > 0 and var line ? line : _run.StackOf!().Select(frame => frame.ScriptLineNumber).FirstOrDefault();
}
