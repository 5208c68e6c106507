using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.InteropServices;
using AibDeprovision.Machine;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>The PowerShell that workers are started with: the one that this process is, or the one it has beside it.</summary>
/// <param name="Program">The program.</param>
/// <param name="Words">What comes before PowerShell's own options.</param>
/// <param name="Folder">PowerShell's folder.</param>
internal sealed record WorkerHost(string Program, IReadOnlyList<string> Words, string Folder)
{
    private static readonly Lazy<WorkerHost?> Found = new(FindOwn);

    /// <summary>The one for this process; null when there is none. A program that hosts the engine may set its own.</summary>
    public static WorkerHost? OfThisProcess { get => field ?? Found.Value; set; }

    private static WorkerHost? FindOwn()
    {
        var engine = Path.GetDirectoryName(typeof(PSObject).Assembly.Location) ?? "";
        return Find(MainModule(), engine, Path.Combine(Environment.SystemDirectory, "WindowsPowerShell", "v1.0", "powershell.exe"));
    }

    /// <summary>Looks for it.</summary>
    /// <param name="mainModule">The program of this process.</param>
    /// <param name="engineFolder">Where the engine's assembly is: $PSHOME, except in Windows PowerShell.</param>
    /// <param name="windowsPowerShell">Where Windows PowerShell is.</param>
    internal static WorkerHost? Find(string mainModule, string engineFolder, string windowsPowerShell)
    {
        var own = Path.GetFileNameWithoutExtension(mainModule);
        if (own.Equals("pwsh", StringComparison.OrdinalIgnoreCase) || own.Equals("powershell", StringComparison.OrdinalIgnoreCase))
        {
            return new(mainModule, [], own.Equals("pwsh", StringComparison.OrdinalIgnoreCase) ? engineFolder : Path.GetDirectoryName(mainModule)!);
        }
        // As a .NET tool it is run by dotnet.
        var library = Path.Combine(engineFolder, "pwsh.dll");
        if (File.Exists(library))
        {
            var dotnet = own.Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? mainModule : Path.Combine(DotNetRoot, Host.IsWindows ? "dotnet.exe" : "dotnet");
            var pwsh = Path.Combine(engineFolder, Host.IsWindows ? "pwsh.exe" : "pwsh");
            return File.Exists(dotnet) ? new(dotnet, ["exec", library], engineFolder) : File.Exists(pwsh) ? new(pwsh, [], engineFolder) : null;
        }
        // The engine of .NET Framework comes from its own store.
        return RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal) && File.Exists(windowsPowerShell)
            ? new(windowsPowerShell, [], Path.GetDirectoryName(windowsPowerShell)!)
            : null;
    }

    /// <summary>The folder that holds the runtime of this process, three levels below it.</summary>
    internal static string DotNetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string MainModule()
    {
        using var process = Process.GetCurrentProcess();
        return process.MainModule?.FileName ?? "";
    }
}
