using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;
using AibDeprovision.WindowsTests.Measuring;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>Wait-AibGuestAgentService against the real service control manager.</summary>
internal static class AgentWaitScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("AgentRuns", Runs),
        new("AgentStartsSlowly", StartsSlowly),
        new("AgentIsStartedLate", IsStartedLate),
        new("AgentIsInstalledLate", IsInstalledLate),
        new("AgentIsMissing", IsMissing),
        new("AgentIsDisabled", IsDisabled),
        new("AgentFailsToStart", FailsToStart),
        new("AgentIsAskedToStart", IsAskedToStart),
        new("AgentAnswersAStartLate", AnswersAStartLate),
        new("AgentRunsWhileItsStateIsShown", RunsWhileItsStateIsShown),
        new("AgentStopsDuringTheWait", StopsDuringTheWait),
        new("AgentWaitCanBeStopped", CanBeStopped),
    ];

    private static void Runs(BedMachine bed)
    {
        var outcomes = bed.Engine.Run("Wait-AibGuestAgentService -PassThru | ForEach-Object { \"$($_.Name) $($_.IsReached) $($_.State)\" }").WithoutErrors();
        Expect.Equal("RdAgent True Running|WindowsAzureGuestAgent True Running|WindowsAzureTelemetryService False missing", string.Join('|', outcomes.Lines), "the outcomes");
        Expect.Between(0, 5, outcomes.Duration, "a wait for what is there");
    }

    private static void StartsSlowly(BedMachine bed)
    {
        InstallAndStart(bed, ServiceBehaviour.StartsSlowly(4));
        var run = bed.Engine.Run("(Wait-AibGuestAgentService -Timeout 40 -PassThru)[0].Changes | ForEach-Object { $_.State }").WithoutErrors();
        Expect.Equal("StartPending|Running", string.Join('|', run.Lines), "the changes");
    }

    private static void IsStartedLate(BedMachine bed)
    {
        bed.StopService("RdAgent");
        _ = bed.Engine;
        Stamp.Clear();
        bed.After(3, "start", "RdAgent");
        var run = bed.Engine.Run("Wait-AibGuestAgentService -Timeout 40").WithoutErrors();
        Expect.Between(2, 20, run.Duration, "the wait");
        Expect.Noticed("that it runs");
    }

    private static void IsInstalledLate(BedMachine bed)
    {
        bed.DeleteService("WindowsAzureGuestAgent");
        _ = bed.Engine;
        bed.After(3, "install", "WindowsAzureGuestAgent", "runs");
        var run = bed.Engine.Run("(Wait-AibGuestAgentService -Timeout 40 -AppearTimeout 30 -PassThru)[1].Changes[0].State").WithoutErrors();
        Expect.Equal("missing", run.Lines[0], "the state at first");
    }

    private static void IsMissing(BedMachine bed)
    {
        bed.DeleteService("RdAgent");
        var atOnce = bed.Engine.Run("Wait-AibGuestAgentService");
        ExpectError(atOnce, "ServiceNotInstalled", "The service RdAgent is not installed.");
        Expect.Between(0, 5, atOnce.Duration, "the error, which need not wait,");
        var later = bed.Engine.Run("Wait-AibGuestAgentService -AppearTimeout 4");
        ExpectError(later, "ServiceNotInstalled", "The service RdAgent is not installed.");
        Expect.Between(4, 8, later.Duration, "the wait for it to appear");
    }

    private static void IsDisabled(BedMachine bed)
    {
        bed.DisableService("WindowsAzureGuestAgent");
        var run = bed.Engine.Run("Wait-AibGuestAgentService");
        ExpectError(run, "ServiceDisabled", "The service WindowsAzureGuestAgent is disabled");
        Expect.Between(0, 5, run.Duration, "the error, which need not wait,");
    }

    private static void FailsToStart(BedMachine bed)
    {
        bed.InstallService("RdAgent", ServiceBehaviour.FailsWith(42));
        var run = bed.Engine.Run("Wait-AibGuestAgentService -Timeout 6 -Start");
        ExpectError(run, "ServiceNotRunning", "last exit with its own code 42");
        Expect.Between(6, 10, run.Duration, "the wait");
    }

    private static void IsAskedToStart(BedMachine bed)
    {
        bed.StopService("RdAgent");
        bed.Engine.Run("Wait-AibGuestAgentService -Timeout 40 -Start").WithoutErrors();
    }

    // Windows waits half a minute for the process of a service that it starts, Wine 10 seconds and for one at a time.
    private static void AnswersAStartLate(BedMachine bed)
    {
        _ = bed.Engine;
        bed.InstallService("RdAgent", ServiceBehaviour.ReportsAfter(7));
        var late = bed.Engine.Run("Wait-AibGuestAgentService -Start -Timeout 3");
        ExpectError(late, "ServiceNotRunning", "It was asked to start.");
        Expect.Between(3, 7, late.Duration, "the wait");
        bed.Engine.Run("Wait-AibGuestAgentService -Timeout 20").WithoutErrors();

        bed.InstallService("RdAgent", ServiceBehaviour.ReportsAfter(7));
        using (var run = bed.Engine.Start("Wait-AibGuestAgentService -Start"))
        {
            Thread.Sleep(2000);
            var stopping = run.Stop();
            Expect.That(run.Wait().Stopped, "the engine did not say that it was stopped");
            Expect.That(stopping < TimeSpan.FromSeconds(2), $"stopping took {stopping.TotalMilliseconds:0} ms");
        }
        bed.Engine.Run("Wait-AibGuestAgentService -Timeout 20").WithoutErrors();
    }

    // While a command further on in the pipeline waits, Windows may call back about the service, on the same thread.
    private static void RunsWhileItsStateIsShown(BedMachine bed)
    {
        InstallAndStart(bed, ServiceBehaviour.StartsSlowly(3));
        var run = bed.Engine.Run("Wait-AibGuestAgentService RdAgent -Optional @() -Timeout 40 -Verbose 4>&1 | ForEach-Object { \"$_\"; Start-Sleep 4 }").WithoutErrors();
        Expect.Equal("RdAgent is StartPending|RdAgent is Running", string.Join('|', run.Lines), "what is shown");
        Expect.Between(3, 7, run.Output[1].At, "what is shown second");
    }

    private static void StopsDuringTheWait(BedMachine bed)
    {
        bed.StopService("WindowsAzureGuestAgent");
        _ = bed.Engine;
        bed.After(2, "stop", "RdAgent");
        bed.After(4, "start", "WindowsAzureGuestAgent");
        bed.After(7, "start", "RdAgent");
        var run = bed.Engine.Run("(Wait-AibGuestAgentService -Timeout 50 -PassThru)[0].Changes | ForEach-Object { $_.State }").WithoutErrors();
        Expect.Equal("Running", run.Lines[0], "the state at first");
        Expect.Contains("Stopped", run.Lines);
        Expect.Equal("Running", run.Lines[^1], "the state in the end");
        Expect.Between(6, 30, run.Duration, "the wait for both at once");
    }

    private static void CanBeStopped(BedMachine bed)
    {
        bed.StopService("RdAgent");
        // Once before, so that what is timed is the stopping and not the first use of the engine's code for it.
        foreach (var isRehearsed in (bool[])[true, false])
        {
            using var run = bed.Engine.Start("Wait-AibGuestAgentService -Timeout 50");
            Thread.Sleep(1500);
            var stopping = run.Stop();
            Expect.That(run.Wait().Stopped, "the engine did not say that it was stopped");
            // The slow look beside the notifications takes 10 s; how short it really is, is measured (run measure).
            Expect.That(isRehearsed || stopping < TimeSpan.FromSeconds(2), $"stopping took {stopping.TotalMilliseconds:0} ms");
        }
    }

    private static void InstallAndStart(BedMachine bed, ServiceBehaviour behaviour)
    {
        _ = bed.Engine;
        bed.InstallService("RdAgent", behaviour);
        bed.StartService("RdAgent");
    }

    /// <summary>Fails unless a run had this one error.</summary>
    internal static void ExpectError(EngineResult run, string id, string text)
    {
        var errors = run.Terminating is null ? run.Errors : [run.Terminating, .. run.Errors];
        Expect.Equal(1, errors.Count, "the number of errors");
        Expect.That(errors[0].FullyQualifiedErrorId.StartsWith(id + ",", StringComparison.Ordinal), $"the error should be {id}, and is {errors[0].FullyQualifiedErrorId}: {errors[0]}");
        Expect.Contains(text, [errors[0].Exception.Message]);
    }
}
