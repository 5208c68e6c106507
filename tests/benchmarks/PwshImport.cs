using System.Diagnostics;
using System.Globalization;

namespace AibDeprovision.Benchmarks;

/// <summary>The first import of the module in the real PowerShell, beside that of a manifest that holds nothing.</summary>
internal static class PwshImport
{
    private const string EmptyManifest = "@{ ModuleVersion = '1.0'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @(); VariablesToExport = @() }";

    /// <summary>Times both in turn, each in a process of its own, and prints the medians and what the module adds.</summary>
    public static void Report(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("aib-benchmark-");
        try
        {
            var empty = Path.Combine(folder.FullName, "Empty.psd1");
            File.WriteAllText(empty, EmptyManifest);
            var times = new double[rounds];
            var peers = new double[rounds];
            for (var i = 0; i < rounds; i++)
            {
                times[i] = Milliseconds(Engine.Manifest);
                peers[i] = Milliseconds(empty);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{"first import in pwsh",-36} {Pair.Median(times),10:F1} {times.Min(),8:F1} {times.Max(),8:F1}  {"an empty manifest module",-34} {Pair.Median(peers),10:F1}   +{Pair.Median(times) - Pair.Median(peers):F1} ms"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The clock's time of one import, taken inside the session, so that its start does not count.</summary>
    private static double Milliseconds(string manifest)
    {
        var script = $"$clock = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{manifest}'; $clock.Elapsed.TotalMilliseconds.ToString('R', [cultureinfo]::InvariantCulture)";
        var start = new ProcessStartInfo("dotnet", ["tool", "exec", "PowerShell", "--yes", "--", "-NoProfile", "-NonInteractive", "-Command", script])
        {
            RedirectStandardOutput = true,
            // The tool manifest is above it.
            WorkingDirectory = AppContext.BaseDirectory,
        };
        // Otherwise each import is reported to Microsoft.
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}
