using AibDeprovision.Benchmarks;

// dotnet run -c Release --project tests/benchmarks [-- walk]
// Each figure is taken beside a peer, in turn, in the same run: the ratio holds when the machine's speed drifts.
Console.WriteLine($"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");
Pair.Header();
using var warm = new WarmEngine();
if (args is ["walk"])
{
    // A million files are made for it, which takes longer than the measure.
    ImageWalk.Report(warm, 16_000, rounds: 20);
    ImageWalk.Report(warm, 1_000_000, rounds: 3);
    return;
}
Pair.Run("import into a fresh runspace", () => Engine.OpenRunspace(withModule: true), "a fresh runspace without it", () => Engine.OpenRunspace(withModule: false), rounds: 40);
PwshImport.Report(rounds: 20);
Pair.Run("New-AibDeprovisionScript Windows", () => warm.Invoke("New-AibDeprovisionScript -Platform Windows"), "Get-Module, the same engine", () => warm.Invoke("Get-Module -Name AibDeprovision"), rounds: 1000);
Pair.Run("New-AibDeprovisionScript Linux", () => warm.Invoke("New-AibDeprovisionScript -Platform Linux"), "Get-Module, the same engine", () => warm.Invoke("Get-Module -Name AibDeprovision"), rounds: 1000);
Pair.Run("Test-AibDeprovisionReadiness, without questions", () => warm.Invoke("Test-AibDeprovisionReadiness -Exclude AppxNotProvisioned, BitLockerOn, RearmsUsedUp, Administrator*"), "Get-Module, the same engine", () => warm.Invoke("Get-Module -Name AibDeprovision"), rounds: 40);
