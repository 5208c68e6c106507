using AibDeprovision.Benchmarks;

// dotnet run -c Release --project tests/benchmarks
// Each figure is taken beside a peer, in turn, in the same run: the ratio holds when the machine's speed drifts.
if (args is ["--first-import"])
{
    // Started by ImportBenchmark: a process of its own, so that loading the assemblies counts.
    Console.WriteLine(Engine.TimeFirstImport().ToString("R", System.Globalization.CultureInfo.InvariantCulture));
    return;
}

Console.WriteLine($"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");
Pair.Header();
Pair.Run("import into a fresh runspace", () => Engine.OpenRunspace(withModule: true), "a fresh runspace without it", () => Engine.OpenRunspace(withModule: false), rounds: 40);
Engine.ReportFirstImport(rounds: 10);
using var warm = new WarmEngine();
Pair.Run("New-AibDeprovisionScript Windows", () => warm.Invoke("New-AibDeprovisionScript -Platform Windows"), "Get-Module, the same engine", () => warm.Invoke("Get-Module -Name AibDeprovision"), rounds: 1000);
Pair.Run("New-AibDeprovisionScript Linux", () => warm.Invoke("New-AibDeprovisionScript -Platform Linux"), "Get-Module, the same engine", () => warm.Invoke("Get-Module -Name AibDeprovision"), rounds: 1000);
