using System.Diagnostics;
using System.ServiceProcess;
using AibDeprovision.Machine;
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
        new("BedSysprepGoesThroughItsStates", SysprepGoesThroughItsStates),
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
        Expect.Between(0, 5, stopping, "stopping");
    }

    private static void SlowServiceReportsProgress(BedMachine bed)
    {
        bed.InstallService("RdAgent", ServiceBehaviour.StartsSlowly(3));
        bed.StartService("RdAgent");
        bed.WaitForService("RdAgent", ServiceControllerStatus.StartPending);
        Expect.Soon(() => bed.ServiceCheckPoint("RdAgent") > 0, "the service has reported no progress");
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
        bed.After(1, "image-state", ImageStates.Undeployable);
        Expect.Equal(ImageStates.Complete, bed.ImageState, "the image state at first");
        Expect.Soon(() => bed.ImageState == ImageStates.Undeployable, "the image state has not changed");
    }

    private static void SysprepGoesThroughItsStates(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { HandsOver = true });
        bed.StartSysprep("/generalize", "/oobe", "/quiet", "/quit");
        Expect.Soon(() => bed.ImageState == ImageStates.Undeployable, "the image state does not become undeployable");
        Expect.Soon(() => Process.GetProcessesByName("SetupHost").Length == 1, "SetupHost does not run");
        Expect.Soon(() => bed.ImageState == ImageStates.GeneralizedToOobe, "the machine is not sealed");
        Expect.Soon(() => File.Exists(BedFiles.SuccessTag), "the tag is missing");
        Expect.Equal(4, SetupRegistry.GeneralizationState, "the generalization state");
    }
}
