using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AibDeprovision.Benchmarks;

/// <summary>The PowerShell engine with and without the staged module.</summary>
internal static class Engine
{
    private static readonly string Manifest = FindManifest();

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

    /// <summary>Milliseconds of the first import of this process.</summary>
    public static double TimeFirstImport()
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        // The engine itself is warm, as it is in a session in which somebody types Import-Module.
        using (var shell = PowerShell.Create(runspace))
        {
            shell.AddScript("Get-Module | ForEach-Object { $_.Name }").Invoke();
        }
        return Pair.Time(() => Import(runspace));
    }

    /// <summary>Times the first import in processes of their own.</summary>
    public static void ReportFirstImport(int rounds)
    {
        var times = Enumerable.Range(0, rounds).Select(_ => FirstImportElsewhere()).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"first import of a process",-36} {Pair.Median(times),10:F3} {times.Min(),8:F3} {times.Max(),8:F3}"));
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

    private static double FirstImportElsewhere()
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "--first-import") { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(output, CultureInfo.InvariantCulture);
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
