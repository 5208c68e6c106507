using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Hostile scripts made at random, with a module in the path of modules that the engine would find and load if it looked for one.</summary>
[Collection(nameof(HostileScriptTests))]
public sealed class HostileFuzzTests : IDisposable
{
    private const int Seed = 20261124;
    private const string ModulePath = "PSModulePath";
    private static readonly SandboxLimits Limits = new() { WallClock = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(5) };

    private static readonly int Count = GeneratedCases.Of(2_000);

    private readonly ScratchFolder _folder = new();
    private readonly string? _modulePath = Environment.GetEnvironmentVariable(ModulePath);

    public HostileFuzzTests()
    {
        File.WriteAllText(Canary, "alive");
        Directory.CreateDirectory(_folder["Planted"]);
        File.WriteAllText(Path.Combine(_folder["Planted"], "Planted.psm1"), $"[IO.File]::WriteAllText('{Canary}', 'dead')\nfunction Invoke-Planted {{ }}");
        File.WriteAllText(_folder["planted.ps1"], $"[IO.File]::WriteAllText('{Canary}', 'dead')");
        Environment.SetEnvironmentVariable(ModulePath, Path.GetDirectoryName(Canary));
    }

    private string Canary => _folder["canary.txt"];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ModulePath, _modulePath);
        _folder.Dispose();
    }

    [Fact]
    public void The_bait_is_one()
    {
        using var session = System.Management.Automation.PowerShell.Create(System.Management.Automation.Runspaces.InitialSessionState.CreateDefault2());
        session.AddScript("Invoke-Planted").Invoke();
        Assert.Equal("dead", File.ReadAllText(Canary));
    }

    [Fact]
    public void None_reaches_the_bait_and_each_ends_with_a_result()
    {
        var mutation = new ScriptMutation(Seed);
        var sandbox = new RehearsalSandbox(Limits);
        for (var n = 0; n < Count; n++)
        {
            var script = mutation.Next().Replace("CANARY", Canary, StringComparison.Ordinal).Replace("FOLDER", Path.GetDirectoryName(Canary), StringComparison.Ordinal);
            RehearsalResult result;
            try
            {
                result = sandbox.Run(script, new SimulatedVm(), TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Script {n} of seed {Seed} ended the caller:\n{script}", e);
            }
            Assert.True(File.ReadAllText(Canary) == "alive", $"Script {n} of seed {Seed} reached the bait:\n{script}");
            Assert.True(result.Outcome != RehearsalOutcome.Sealed, $"Script {n} of seed {Seed} is Sealed:\n{script}");
            Assert.False(result.Detail?.Contains("the engine cannot run the script", StringComparison.Ordinal) == true, $"Script {n} of seed {Seed}: {result.Detail}\n{script}");
            _ = ShownResult.Of(result, "");
        }
    }
}
