using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace AibDeprovision.Tests.Engine;

/// <summary>The real PowerShell engine with the staged module imported, as a user has it.</summary>
internal sealed class EngineSession : IDisposable
{
    private readonly Runspace _runspace;

    public EngineSession(PSHost? host = null, PSThreadOptions threads = PSThreadOptions.Default)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Path.Combine(Repository.StagedModule, "AibDeprovision.psd1")]);
        _runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        _runspace.ThreadOptions = threads;
        _runspace.Open();
        ThisMachine.Put(_runspace, Machine);
    }

    /// <summary>What the on-VM cmdlets take for this machine.</summary>
    public OtherMachine Machine { get; } = new();

    /// <summary>Runs a script and gives what it wrote.</summary>
    public EngineResult Run(string script, params object?[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
        {
            shell.AddArgument(argument);
        }
        Collection<PSObject> output = [];
        ErrorRecord? terminating = null;
        try
        {
            output = shell.Invoke();
        }
        catch (RuntimeException e)
        {
            terminating = e.ErrorRecord;
        }
        return new EngineResult([.. output], [.. shell.Streams.Error], [.. shell.Streams.Verbose.Select(v => v.Message)], terminating)
        {
            Warnings = [.. shell.Streams.Warning.Select(w => w.Message)],
            Information = [.. shell.Streams.Information],
        };
    }

    /// <summary>A script that is not started yet.</summary>
    public PowerShell Shell(string script)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    /// <summary>What Tab offers at the end of an input.</summary>
    public IReadOnlyList<CompletionResult> Complete(string input)
    {
        using var shell = PowerShell.Create(_runspace);
        return [.. CommandCompletion.CompleteInput(input, input.Length, null, shell).CompletionMatches];
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}

/// <summary>What a script gave.</summary>
/// <param name="Output">The objects it wrote.</param>
/// <param name="Errors">The errors after which it went on.</param>
/// <param name="Verbose">Its verbose messages.</param>
/// <param name="Terminating">The error that ended it, if one did.</param>
internal sealed record EngineResult(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Verbose, ErrorRecord? Terminating)
{
    /// <summary>Its warnings.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What it said to the host, and other information.</summary>
    public IReadOnlyList<InformationRecord> Information { get; init; } = [];

    /// <summary>The output as objects of one type; fails when anything went wrong.</summary>
    public IReadOnlyList<T> Objects<T>()
    {
        Assert.Null(Terminating);
        Assert.Empty(Errors);
        return [.. Output.Select(o => Assert.IsAssignableFrom<T>(o.BaseObject))];
    }

    /// <summary>The one error there was, whether it ended the script or not.</summary>
    public ErrorRecord Error => Assert.Single(Terminating is null ? Errors : [Terminating, .. Errors]);
}
