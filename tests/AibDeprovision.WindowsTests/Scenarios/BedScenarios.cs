using System.ServiceProcess;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>The bed itself: what the other scenarios rely on.</summary>
internal static class BedScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("BedEngineImportsTheModule", EngineImportsTheModule),
        new("BedEngineCanBeStopped", EngineCanBeStopped),
        new("BedSlowServiceReportsProgress", SlowServiceReportsProgress),
        new("BedFailingServiceHasItsOwnCode", FailingServiceHasItsOwnCode),
        new("BedServiceStopsByItself", ServiceStopsByItself),
        new("BedThingsHappenLater", ThingsHappenLater),
    ];

    private static void EngineImportsTheModule(BedMachine bed)
    {
        var commands = bed.Engine.Run("Get-Command -Module AibDeprovision").WithoutErrors();
        Expect.Contains("New-AibDeprovisionScript", commands.Lines);
    }

    private static void EngineCanBeStopped(BedMachine bed)
    {
        using var run = bed.Engine.Start("Write-Output started; Start-Sleep -Seconds 50; Write-Output ended");
        Thread.Sleep(1000);
        var stopping = run.Stop();
        var result = run.Wait();
        Expect.That(result.Stopped, "the engine did not say that it was stopped");
        Expect.Equal("started", string.Join(' ', result.Lines), "the output");
        Expect.Between(0, 2, stopping, "stopping");
    }

    private static void SlowServiceReportsProgress(BedMachine bed)
    {
        bed.InstallService("RdAgent", ServiceBehaviour.StartsSlowly(5));
        bed.StartService("RdAgent");
        bed.WaitForService("RdAgent", ServiceControllerStatus.StartPending);
        Thread.Sleep(3000);
        Expect.That(bed.ServiceCheckPoint("RdAgent") > 0, "the service has reported no progress");
        bed.WaitForService("RdAgent", ServiceControllerStatus.Running);
    }

    private static void FailingServiceHasItsOwnCode(BedMachine bed)
    {
        bed.InstallService("RdAgent", ServiceBehaviour.FailsWith(42));
        bed.StartService("RdAgent");
        bed.WaitForService("RdAgent", ServiceControllerStatus.Stopped);
        Expect.Equal((1066, 42), bed.ServiceExit("RdAgent"), "the exit codes");
    }

    private static void ServiceStopsByItself(BedMachine bed)
    {
        bed.InstallService("RdAgent", ServiceBehaviour.StopsAfter(2));
        bed.StartService("RdAgent");
        bed.WaitForService("RdAgent", ServiceControllerStatus.Running);
        bed.WaitForService("RdAgent", ServiceControllerStatus.Stopped);
    }

    private static void ThingsHappenLater(BedMachine bed)
    {
        bed.After(1, "image-state", "IMAGE_STATE_UNDEPLOYABLE");
        Expect.Equal("IMAGE_STATE_COMPLETE", bed.ImageState, "the image state at first");
        Thread.Sleep(4000);
        Expect.Equal("IMAGE_STATE_UNDEPLOYABLE", bed.ImageState, "the image state after that");
    }
}
