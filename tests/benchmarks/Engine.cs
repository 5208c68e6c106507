using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AibDeprovision.Benchmarks;

/// <summary>The PowerShell engine with and without the staged module.</summary>
internal static class Engine
{
    /// <summary>The manifest of the staged module.</summary>
    public static readonly string Manifest = FindManifest();

    /// <summary>Opens a runspace, imports the module or not, and closes it.</summary>
    public static void OpenRunspace(bool withModule)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        if (withModule)
        {
            Import(runspace);
        }
    }

    /// <summary>Imports the module into a runspace.</summary>
    public static void Import(Runspace runspace)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", Manifest).Invoke();
        if (shell.HadErrors)
        {
            throw new InvalidOperationException($"The module could not be imported: {shell.Streams.Error[0]}");
        }
    }

    private static string FindManifest()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var manifest = Path.Combine(folder.FullName, "out", "AibDeprovision", "AibDeprovision.psd1");
            if (File.Exists(manifest))
            {
                return manifest;
            }
        }
        throw new InvalidOperationException("There is no out/AibDeprovision above the benchmarks: build the solution first.");
    }
}

/// <summary>A runspace with the module, kept open.</summary>
internal sealed class WarmEngine : IDisposable
{
    private readonly Runspace _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());

    public WarmEngine()
    {
        _runspace.Open();
        Engine.Import(_runspace);
    }

    /// <summary>Runs a script to its end.</summary>
    public void Invoke(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script).Invoke();
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
