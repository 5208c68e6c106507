using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rehearsal.Worker;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Hostile scripts made at random, with a module in the path of modules that the engine would find and load if it looked for one.</summary>
[Collection(nameof(HostileScriptTests))]
public sealed class HostileFuzzTests : IDisposable
{
    private const int Seed = 20261124;
    private const string ModulePath = "PSModulePath";
    private const long Mebibyte = 1 << 20;
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(240);

    /// <summary>A small stack: what calls itself without end comes to its end sooner, and nothing else here needs more.</summary>
    private static readonly SandboxLimits Limits = new() { WallClock = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(20), StackSize = (int)Mebibyte };

    private static readonly int Count = GeneratedCases.Of(10_000);

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
    public void None_reaches_the_bait_and_each_ends_with_a_result_and_leaves_nothing_in_memory()
    {
        var scripts = Scripts(Count);
        // What the engine keeps of the first is what it has compiled.
        var warmUp = Count / 4;
        Rehearse(scripts, 0, warmUp);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Rehearse(scripts, warmUp, Count);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < 50 * Mebibyte, $"{Count - warmUp} scripts have left {growth / Mebibyte} MB.");
    }

    [Fact]
    public void None_ends_who_rehearses_it_in_a_process_of_its_own()
    {
        // One process for each, as for every user; a second each, so these are fewer.
        foreach (var script in Scripts(GeneratedCases.Of(40)))
        {
            var result = Assert.Single(WorkerRehearsal.Run(script, ["agent-present"], BuildTimeout, new WorkerLimits(), TestContext.Current.CancellationToken));
            AssertHarmless(script, result);
            Assert.True(result.Isolation is not null, $"{result.Detail}\n{script}");
        }
    }

    private string[] Scripts(int count)
    {
        var mutation = new ScriptMutation(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => mutation.Next().Replace("CANARY", Canary, StringComparison.Ordinal).Replace("FOLDER", Path.GetDirectoryName(Canary), StringComparison.Ordinal))];
    }

    // On all processors, each with a sandbox for one script after the other.
    private void Rehearse(string[] scripts, int from, int to)
    {
        var results = InParallel.Run<string, (string Script, RehearsalResult Result)>(scripts[from..to], () =>
        {
            var sandbox = new RehearsalSandbox(Limits);
            return (script, enough) =>
            {
                try
                {
                    return (script, sandbox.Run(script, new SimulatedVm(), BuildTimeout, enough));
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    throw new InvalidOperationException($"A script ended the caller:\n{script}", e);
                }
            };
        }, TestContext.Current.CancellationToken);
        foreach (var (script, result) in results)
        {
            AssertHarmless(script, result);
        }
    }

    private void AssertHarmless(string script, RehearsalResult result)
    {
        Assert.True(File.ReadAllText(Canary) == "alive", $"The bait was reached, by this script or one beside it:\n{script}");
        Assert.True(result.Outcome != RehearsalOutcome.Sealed, $"Sealed:\n{script}");
        Assert.False(result.Detail?.Contains("the engine cannot run the script", StringComparison.Ordinal) == true, $"{result.Detail}\n{script}");
        _ = ShownResult.Of(result, "");
    }
}
