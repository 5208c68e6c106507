using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell;

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>
/// The real PowerShell engine with the module imported. The commands of Microsoft.PowerShell.Management and .Utility that
/// scripts need and the engine lacks are this program's own, over the same real things.
/// </summary>
public sealed class Engine : IDisposable
{
    /// <summary>The environment variable that holds the folder of the module under test.</summary>
    public const string ModuleVariable = "AIB_BED_MODULE";

    private readonly Runspace _runspace;

    /// <summary>Starts the engine and imports the module.</summary>
    public Engine()
    {
        var folder = Environment.GetEnvironmentVariable(ModuleVariable)
            ?? throw new ScenarioFailedException($"{ModuleVariable} does not say where the module is.");
        var state = InitialSessionState.CreateDefault2();
        state.ExecutionPolicy = ExecutionPolicy.Bypass;
        foreach (var command in typeof(Engine).Assembly.GetTypes())
        {
            if (command.GetCustomAttribute<CmdletAttribute>() is { } name)
            {
                state.Commands.Add(new SessionStateCmdletEntry($"{name.VerbName}-{name.NounName}", command, helpFileName: null));
            }
        }
        state.ImportPSModule([Path.Combine(folder, "AibDeprovision.psd1")]);
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
