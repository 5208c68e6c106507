using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>A script that the engine is running.</summary>
public sealed class EngineRun : IDisposable
{
    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly List<TimedOutput> _timed = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly IAsyncResult _ending;

    internal EngineRun(Runspace runspace, string script)
    {
        _shell = PowerShell.Create(runspace);
        _shell.AddScript(script);
        _output.DataAdded += (_, e) =>
        {
            lock (_timed)
            {
                _timed.Add(new TimedOutput(_clock.Elapsed, _output[e.Index]));
            }
        };
        _ending = _shell.BeginInvoke<PSObject, PSObject>(input: null, _output);
    }

    /// <summary>Waits for the end; what a scenario may take as a whole is limited from outside.</summary>
    public EngineResult Wait()
    {
        ErrorRecord? terminating = null;
        var stopped = false;
        try
        {
            _shell.EndInvoke(_ending);
        }
        catch (PipelineStoppedException)
        {
            stopped = true;
        }
        catch (RuntimeException e)
        {
            terminating = e.ErrorRecord;
        }
        var duration = _clock.Elapsed;
        lock (_timed)
        {
            return new EngineResult([.. _timed], [.. _shell.Streams.Error], terminating, stopped, duration);
        }
    }

    /// <summary>Stops the pipeline, as Ctrl+C does, and gives how long that took.</summary>
    public TimeSpan Stop()
    {
        var started = _clock.Elapsed;
        _shell.Stop();
        return _clock.Elapsed - started;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shell.Dispose();
        _output.Dispose();
    }
}

/// <summary>An object that a script wrote, and when.</summary>
/// <param name="At">Since the start of the script.</param>
/// <param name="Value">The object.</param>
public sealed record TimedOutput(TimeSpan At, PSObject Value);

/// <summary>What a script gave.</summary>
/// <param name="Output">The objects it wrote.</param>
/// <param name="Errors">The errors after which it went on.</param>
/// <param name="Terminating">The error that ended it, if one did.</param>
/// <param name="Stopped">Whether it was stopped.</param>
/// <param name="Duration">From its start to its end.</param>
public sealed record EngineResult(IReadOnlyList<TimedOutput> Output, IReadOnlyList<ErrorRecord> Errors, ErrorRecord? Terminating, bool Stopped, TimeSpan Duration)
{
    /// <summary>The output as text, an item for each object.</summary>
    public IReadOnlyList<string> Lines => [.. Output.Select(item => item.Value?.ToString() ?? "")];

    /// <summary>The result itself when nothing went wrong; fails with the first error otherwise.</summary>
    public EngineResult WithoutErrors() =>
        Terminating is null && Errors.Count == 0 ? this
        : throw new ScenarioFailedException($"The script had an error: {Terminating ?? Errors[0]} ({(Terminating ?? Errors[0]).FullyQualifiedErrorId})");
}
