using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>
/// The PowerShell engine of the installed pwsh in this process, with the module imported by its name: for what has to be
/// seen from inside, that is errors as objects, and moments. All else is the business of <see cref="Pwsh"/>.
/// </summary>
public sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    /// <summary>Starts the engine and imports the module.</summary>
    public Engine()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ExecutionPolicy = ExecutionPolicy.Bypass;
        state.ImportPSModule(["AibDeprovision"]);
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>Runs a script to its end.</summary>
    public EngineResult Run(string script)
    {
        using var run = Start(script);
        return run.Wait();
    }

    /// <summary>Starts a script and goes on. Until it has ended, leave the service control manager to it (see <see cref="BedMachine.After"/>).</summary>
    public EngineRun Start(string script) => new(_runspace, script);

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
