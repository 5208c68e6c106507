using AibDeprovision.Machine;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>The generated hardened script, installed and run as Azure Image Builder does it.</summary>
internal static class HardenedScriptScenarios
{
    // After a failed Sysprep the script watches for 30 seconds whether something else goes on with it, or to its time limit.
    private const int WithGraceTime = 100;
    private const string Error = "Package Contoso.App was installed for a user, but not provisioned for all users";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("ScriptSeals", Seals),
        new("ScriptFollowsSetupHost", FollowsSetupHost),
        new("ScriptClearsAnEarlierRun", ClearsAnEarlierRun),
        new("ScriptWaitsForTheAgentAndStartsIt", WaitsForTheAgentAndStartsIt, WithGraceTime),
        new("ScriptFailsWithoutAgent", FailsWithoutAgent),
        new("ScriptFailsOnADisabledAgent", FailsOnADisabledAgent),
        new("ScriptFailsOnAMissingProvider", FailsOnAMissingProvider),
        new("ScriptRemovesAProvider", RemovesAProvider),
        new("ScriptWarnsOfAPendingRestart", WarnsOfAPendingRestart),
        new("ScriptWarnsOfARunThatIsHalfDone", WarnsOfARunThatIsHalfDone),
        new("ScriptFailsOnAMachineThatIsSealed", FailsOnAMachineThatIsSealed),
        new("ScriptNamesWhySysprepRefused", NamesWhySysprepRefused, WithGraceTime),
        new("ScriptNoticesThatSysprepDied", NoticesThatSysprepDied, WithGraceTime),
        new("ScriptEndsWhenSysprepHangs", EndsWhenSysprepHangs),
        new("ScriptEndsWithItsHook", EndsWithItsHook),
        new("ScriptFailsWithoutElevation", FailsWithoutElevation),
        new("ScriptFailsWithoutSysprep", FailsWithoutSysprep),
        new("ScriptStumblesOverALockedFile", StumblesOverALockedFile),
        new("ScriptEndsTheSameWhenPackerCallsIt", EndsTheSameWhenPackerCallsIt),
    ];

    private static void Seals(BedMachine bed)
    {
        var run = ScriptRun.Of(bed, "-ModeVm");
        run.ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
        // Undeployable on the way is normal, and has been seen.
        run.ShouldSay("image state is IMAGE_STATE_UNDEPLOYABLE");
        Expect.Equal("/oobe /generalize /quiet /quit /mode:vm", bed.SysprepArguments, "the arguments of Sysprep");
        Expect.Equal(ImageStates.GeneralizedToOobe, bed.ImageState, "the image state");
        run.ShouldSay("trace: left " + BedFiles.Trace);
        TraceCheck.IsOf(FakeWhoami.MachineSid);
    }

    private static void FollowsSetupHost(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { HandsOver = true, Seconds = 4 });
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
    }

    private static void ClearsAnEarlierRun(BedMachine bed)
    {
        File.WriteAllText(BedFiles.AnswerFiles[0], "<unattend/>");
        File.WriteAllText(BedFiles.SuccessTag, "");
        File.WriteAllText(Path.Combine(BedFiles.Panther, "setupact.log"), "an earlier run");
        var run = ScriptRun.Of(bed);
        run.ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
        run.ShouldSay("removed C:\\windows\\System32\\Sysprep\\unattend.xml");
        Expect.That(!File.Exists(BedFiles.AnswerFiles[0]), "the answer file is still there");
        Expect.Equal("an earlier run", File.ReadAllText(Path.Combine(BedFiles.Panther, "setupact.before.log")), "the log of the earlier run");
    }

    // One is installed late and starts slowly, the other was stopped.
    private static void WaitsForTheAgentAndStartsIt(BedMachine bed)
    {
        ScriptRun.Install(bed, "-ServiceTimeout 90");
        bed.DeleteService("WindowsAzureGuestAgent");
        bed.StopService("RdAgent");
        bed.After(10, "install", "WindowsAzureGuestAgent", ServiceBehaviour.StartsSlowly(8).ToString());
        var run = ScriptRun.Run();
        run.ShouldSay("WindowsAzureGuestAgent is missing");
        run.ShouldSay("WindowsAzureGuestAgent is StartPending");
        run.ShouldSay("WindowsAzureGuestAgent is Running");
        run.ShouldSay("RdAgent was stopped for 30 s and has been asked to start (sc.exe: 0)");
        run.ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
    }

    private static void FailsWithoutAgent(BedMachine bed)
    {
        bed.DeleteService("RdAgent");
        var run = ScriptRun.Of(bed, "-ServiceTimeout 2");
        run.ShouldEndWith(DeprovisionExitCode.AgentServiceMissing, "not installed: RdAgent");
        Expect.Equal(null, bed.SysprepArguments, "the arguments of Sysprep");
    }

    private static void FailsOnADisabledAgent(BedMachine bed)
    {
        bed.DisableService("RdAgent");
        var run = ScriptRun.Of(bed, "-ServiceTimeout 30");
        run.ShouldEndWith(DeprovisionExitCode.AgentServiceNotStarted, "the service RdAgent is disabled");
        Expect.Between(0, 15, run.Duration, "the script, which need not wait,");
    }

    private static void FailsOnAMissingProvider(BedMachine bed)
    {
        SetupRegistry.AddMissingProvider();
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.NotReady, @"The provider VMAgentDisabler.dll under SysPrepExternal\Generalize is registered");
    }

    private static void RemovesAProvider(BedMachine bed)
    {
        SetupRegistry.AddMissingProvider();
        var run = ScriptRun.Of(bed, "-RemoveSysprepProvider VMAgentDisabler.dll");
        run.ShouldSay("removed the provider VMAgentDisabler.dll");
        run.ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
    }

    private static void WarnsOfAPendingRestart(BedMachine bed)
    {
        SetupRegistry.SetRebootPending();
        WarnsAndRefusesWhenStrict(bed, "An update waits for a restart");
    }

    private static void WarnsOfARunThatIsHalfDone(BedMachine bed)
    {
        SetupRegistry.GeneralizationState = 3;
        WarnsAndRefusesWhenStrict(bed, "GeneralizationState is 3 instead of 7");
    }

    private static void WarnsAndRefusesWhenStrict(BedMachine bed, string suspicion)
    {
        ScriptRun.Of(bed, "-Strict").ShouldEndWith(DeprovisionExitCode.NotReady, suspicion);
        Expect.Equal(null, bed.SysprepArguments, "the arguments of Sysprep");
        var run = ScriptRun.Of(bed);
        run.ShouldSay("prepare: warning: " + suspicion);
        run.ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
    }

    private static void FailsOnAMachineThatIsSealed(BedMachine bed)
    {
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.NotReady, "The machine is generalized already");
        AgentWaitScenarios.ExpectError(bed.Engine.Run("Invoke-AibSysprep"), "NotReady", "The machine is generalized already");
    }

    private static void NamesWhySysprepRefused(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Refuses, Error = Error });
        var run = ScriptRun.Of(bed, "-SysprepTimeout 8");
        run.ShouldEndWith(DeprovisionExitCode.SysprepNotSealed, $"image state IMAGE_STATE_COMPLETE and without its success tag; first error: [0x0f0082] SYSPRP {Error}");
        run.ShouldSay("setuperr.log of this run: 3 lines");
    }

    private static void NoticesThatSysprepDied(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Dies, Error = "" });
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.SysprepNotSealed, "image state IMAGE_STATE_UNDEPLOYABLE and without its success tag; first error: its logs name no error");
    }

    private static void EndsWhenSysprepHangs(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Hangs });
        ScriptRun.Of(bed, "-SysprepTimeout 8").ShouldEndWith(DeprovisionExitCode.DeadlinePassed, "Sysprep is not done after 8 s; image state IMAGE_STATE_UNDEPLOYABLE");
    }

    private static void EndsWithItsHook(BedMachine bed) =>
        ScriptRun.Of(bed, "-BeforeScript 'throw \"no disk\"'").ShouldEndWith(DeprovisionExitCode.HookFailed, "BeforeScript failed: no disk");

    private static void FailsWithoutElevation(BedMachine bed)
    {
        FakeWhoami.IsElevated = false;
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.NotElevated, "Sysprep needs an elevated administrator");
        Expect.Equal(null, bed.SysprepArguments, "the arguments of Sysprep");
    }

    private static void FailsWithoutSysprep(BedMachine bed)
    {
        using var missing = BedFiles.SetAside(BedFiles.Sysprep);
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.SysprepNotStarted, @"C:\windows\System32\Sysprep\Sysprep.exe is missing");
    }

    private static void StumblesOverALockedFile(BedMachine bed)
    {
        using var open = new FileStream(BedFiles.AnswerFiles[0], FileMode.Create, FileAccess.Write, FileShare.Read);
        ScriptRun.Of(bed).ShouldEndWith(DeprovisionExitCode.Unexpected, "unattend.xml");
        Expect.Equal(null, bed.SysprepArguments, "the arguments of Sysprep");
    }

    private static void EndsTheSameWhenPackerCallsIt(BedMachine bed)
    {
        ScriptRun.Install(bed);
        SetupRegistry.AddMissingProvider();
        ScriptRun.RunByPacker().ShouldEndWith(DeprovisionExitCode.NotReady, "The provider VMAgentDisabler.dll under SysPrepExternal");
        bed.Reset();
        ScriptRun.Install(bed);
        ScriptRun.RunByPacker().ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
    }
}
