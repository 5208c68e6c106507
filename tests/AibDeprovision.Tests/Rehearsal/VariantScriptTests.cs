using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>What scripts of other people do, derived by hand from their text and from what the scenario says.</summary>
public sealed class VariantScriptTests
{
    private static readonly RehearsalSandbox Sandbox = new(new SandboxLimits());

    [Theory]
    // The telemetry service does not exist: $null -ne 'Running' is true for ever.
    [InlineData(nameof(VariantScripts.Unguarded), "telemetry-missing", RehearsalOutcome.Hung)]
    [InlineData(nameof(VariantScripts.Unguarded), "agent-present", RehearsalOutcome.Sealed)]
    [InlineData(nameof(VariantScripts.Unguarded), "agent-late", RehearsalOutcome.Hung)]
    // C:\Windows\windows\system32 does not exist, so the answer file stays and Sysprep follows it into audit mode.
    [InlineData(nameof(VariantScripts.DoubledFolder), "unattend-in-sysprep", RehearsalOutcome.Hung)]
    [InlineData(nameof(VariantScripts.DoubledFolder), "telemetry-missing", RehearsalOutcome.Sealed)]
    [InlineData(nameof(VariantScripts.Shutdown), "agent-present", RehearsalOutcome.SessionLost)]
    [InlineData(nameof(VariantScripts.Shutdown), "refused-appx", RehearsalOutcome.Hung)]
    [InlineData(nameof(VariantScripts.Patched), "agent-present", RehearsalOutcome.Sealed)]
    [InlineData(nameof(VariantScripts.Patched), "dies-half-way", RehearsalOutcome.Hung)]
    [InlineData(nameof(VariantScripts.WaitsForProcess), "agent-present", RehearsalOutcome.Sealed)]
    [InlineData(nameof(VariantScripts.WaitsForProcess), "sysprep-hands-over", RehearsalOutcome.Sealed)]
    [InlineData(nameof(VariantScripts.WaitsForProcess), "sysprep-hangs", RehearsalOutcome.Hung)]
    [InlineData(nameof(VariantScripts.WaitsForProcess), "refused-bitlocker", RehearsalOutcome.Failed)]
    // Sysprep itself ends well, with 0; only the state says that it is the wrong seal.
    [InlineData(nameof(VariantScripts.WaitsForProcess), "reseal-to-audit", RehearsalOutcome.FalseSuccess)]
    [InlineData(nameof(VariantScripts.Retries), "agent-present", RehearsalOutcome.Sealed)]
    [InlineData(nameof(VariantScripts.Retries), "refused-appx", RehearsalOutcome.Failed)]
    [InlineData(nameof(VariantScripts.Retries), "sysprep-hangs", RehearsalOutcome.Hung)]
    // A service that is not there is not in the list, so a missing agent is not waited for at all.
    [InlineData(nameof(VariantScripts.ForeachService), "agent-missing", RehearsalOutcome.Sealed)]
    [InlineData(nameof(VariantScripts.ForeachService), "agent-disabled", RehearsalOutcome.Hung)]
    [InlineData(nameof(VariantScripts.ForeachService), "agent-flapping", RehearsalOutcome.Sealed)]
    // 'True' is no command: an error, and the loop is never entered.
    [InlineData(nameof(VariantScripts.Expanded), "agent-present", RehearsalOutcome.FalseSuccess)]
    [InlineData(nameof(VariantScripts.NoWait), "agent-present", RehearsalOutcome.FalseSuccess)]
    // The second loop reads the state that the first run has left, while the second run is undoing it.
    [InlineData(nameof(VariantScripts.Twice), "agent-present", RehearsalOutcome.FalseSuccess)]
    public void Comes_out_as_its_text_says(string script, string scenario, RehearsalOutcome outcome)
    {
        var result = Rehearse(VariantScripts.Named(script), scenario);
        Assert.True(outcome == result.Outcome, $"{result.Outcome} {result.VirtualTime} {result.ExitCode} {result.Cause} {result.Detail}\n{string.Join('\n', result.Output.Take(40))}");
    }

    [Fact]
    public void A_bounded_retry_runs_to_its_own_end_and_names_its_cause()
    {
        var result = Rehearse(VariantScripts.Retries, "refused-appx");
        Assert.Equal((1, "Sysprep failed ten times"), (result.ExitCode, result.Cause));
        // Ten times four seconds of Sysprep and thirty of sleep.
        Assert.InRange(result.VirtualTime, TimeSpan.FromSeconds(340), TimeSpan.FromSeconds(345));
        Assert.Equal(10, result.Output.Count(line => line.StartsWith("WARNING: attempt", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("foreach ($n in 1, 1, 1, 1) { Start-Sleep -s 60 }; exit 7")]
    [InlineData("1, 1, 1, 1 | ForEach-Object { Start-Sleep -s 60 }; exit 7")]
    [InlineData("(1, 1, 1, 1).ForEach({ Start-Sleep -s 60 }); exit 7")]
    [InlineData("function Wait-Once { $i = 5; Start-Sleep -s 60 }; $i = 0; while ($i -lt 4) { Wait-Once; $i++ }; exit 7")]
    [InlineData("function Wait-One { process { Start-Sleep -s 60 } }; 1, 1, 1, 1 | Wait-One; exit 7")]
    [InlineData("$script:n = 0; function Wait-Once { $script:n++; Start-Sleep -s 60 }; while ($script:n -lt 4) { Wait-Once }; exit 7")]
    [InlineData("function Wait-Deep($d) { Start-Sleep -s 60; if ($d -gt 1) { Wait-Deep ($d - 1) } }; Wait-Deep 4; exit 7")]
    [InlineData("$env:N = ''; while ($env:N -ne '1111') { $env:N += '1'; Start-Sleep -s 60 }; exit 7")]
    [InlineData("$c = @{ N = 0 }; while ($c.N -lt 4) { $c.N++; Start-Sleep -s 60 }; exit 7")]
    [InlineData("while (@(Get-Content C:\\n.txt -ErrorAction SilentlyContinue).Count -lt 4) { Add-Content C:\\n.txt 'x'; Start-Sleep -s 60 }; exit 7")]
    [InlineData("$end = (Get-Date).AddMinutes(4); while ((Get-Date) -lt $end) { Start-Sleep -s 60 }; exit 7")]
    [InlineData("switch (1, 1, 1, 1) { 1 { Start-Sleep -s 60 } }; exit 7")]
    public void A_wait_of_its_own_bound_is_never_taken_for_a_hang(string script)
    {
        var result = Rehearse(script, "agent-present");
        Assert.Equal((RehearsalOutcome.Failed, 7), (result.Outcome, result.ExitCode));
        Assert.InRange(result.VirtualTime, TimeSpan.FromSeconds(235), TimeSpan.FromSeconds(245));
    }

    [Theory]
    [InlineData("while ($true) { Start-Sleep -s 5 }")]
    [InlineData("do { Start-Sleep -s 5 } until ((Get-Service RdAgent).Status -eq 'Running')")]
    [InlineData("function Wait-It { while ((Get-Service RdAgent).Status -ne 'Running') { Start-Sleep -s 5 } }; Wait-It")]
    [InlineData("while ((Get-Service RdAgent).Status -ne 'Running') { }")]
    [InlineData("$n = 0; while ((Get-Service RdAgent).Status -ne 'Running') { $n++; Start-Sleep -s 5 }")]
    [InlineData("(Get-Service RdAgent).WaitForStatus('Running')")]
    [InlineData("Get-Content C:\\DeprovisioningScript.ps1 -Wait")]
    public void A_wait_without_end_is_a_hang(string script)
    {
        var result = Rehearse(script, "agent-disabled");
        Assert.Equal((RehearsalOutcome.Hung, TimeSpan.FromMinutes(240)), (result.Outcome, result.VirtualTime));
    }

    private static RehearsalResult Rehearse(string script, string scenario) => Sandbox.Run(
        script, WindowsScenarios.All.Single(s => s.Name == scenario).NewVm(), TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);
}
