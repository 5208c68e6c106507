using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using AibDeprovision.Rehearsal.Windows.Programs;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Stands between a running script and the engine: sends every command that is not simulated to the VM's programs or
/// refuses it, and sees ConstrainedLanguage's refusals even where the script catches them.
/// </summary>
internal sealed class EngineGuard : IDisposable
{
    // What is left of $true or of an assignment when a script went through double quotes: no machine has such commands.
    private static readonly HashSet<string> NoCommands = new(StringComparer.OrdinalIgnoreCase) { "True", "False", "=" };

    private readonly ScriptRun _run;
    private readonly Runspace _runspace;
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly Dictionary<string, ScriptBlock> _programs = new(StringComparer.OrdinalIgnoreCase);

    public EngineGuard(ScriptRun run, Runspace runspace)
    {
        _run = run;
        _runspace = runspace;
        runspace.SessionStateProxy.InvokeCommand.PreCommandLookupAction = BeforeLookup;
        AppDomain.CurrentDomain.FirstChanceException += OnException;
    }

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= OnException;

    private void BeforeLookup(object? sender, CommandLookupEventArgs lookup)
    {
        var name = lookup.CommandName;
        if (SandboxSessionState.Names.Contains(name) || _run.Functions.Contains(name) || NoCommands.Contains(WithoutGet(name)))
        {
            return;
        }
        if (!VmProgram.IsKnown(name))
        {
            _run.Refuse(CurrentLine(), $"the command {ScriptGate.Unmask(name)}");
        }
        // The simulated program, or else the place where the run is stopped.
        if (!_programs.TryGetValue(name, out var program))
        {
            program = ScriptBlock.Create($"Invoke-SimulatedProgram -Program '{name.Replace("'", "''")}' -Arguments $args");
            _programs[name] = program;
        }
        lookup.CommandScriptBlock = program;
    }

    // The engine tries a name that it does not find once more, with get- before it.
    private static string WithoutGet(string name) => name.StartsWith("get-", StringComparison.Ordinal) ? name.Substring(4) : name;

    private void OnException(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (Thread.CurrentThread == _thread && _run.EndedBy is null && e.Exception is IContainsErrorRecord { ErrorRecord: { } record } && IsRefusal(record.FullyQualifiedErrorId))
        {
            _run.Refuse(record.InvocationInfo?.ScriptLineNumber is > 0 and var line ? line : CurrentLine(), $"beyond ConstrainedLanguage: {record.Exception.Message}");
        }
    }

    private static bool IsRefusal(string id) =>
        id.IndexOf("ConstrainedLanguage", StringComparison.Ordinal) >= 0 || id.IndexOf("OnlyToCoreTypes", StringComparison.Ordinal) >= 0;

    private int CurrentLine() => _run.StackOf!().Select(frame => frame.ScriptLineNumber).FirstOrDefault();
}
