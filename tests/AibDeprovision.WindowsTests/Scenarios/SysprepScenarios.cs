using System.Diagnostics;
using AibDeprovision.Machine;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;
using AibDeprovision.WindowsTests.Measuring;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>The cmdlets round Sysprep against the real registry, real processes and a fake Sysprep.exe.</summary>
internal static class SysprepScenarios
{
    // A failed run is watched for 30 seconds more, in case something goes on with it, or to its time limit.
    private const int WithPatience = 100;
    private const string Error = "Package Contoso.App was installed for a user, but not provisioned for all users";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("SysprepStateIsRead", StateIsRead),
        new("SysprepStateIsWaitedFor", StateIsWaitedFor),
        new("SysprepStateIsNoticed", StateIsNoticed),
        new("SysprepEndIsNoticed", EndIsNoticed),
        new("SysprepStateThatCannotCome", StateThatCannotCome, WithPatience),
        new("SysprepStateWaitCanBeStopped", StateWaitCanBeStopped),
        new("SysprepSeals", Seals),
        new("SysprepClearsReadOnlyAnswers", ClearsReadOnlyAnswers),
        new("SysprepFollowsSetupHost", FollowsSetupHost),
        new("SysprepIsNoFeatureUpdate", IsNoFeatureUpdate),
        new("SysprepRefuses", Refuses),
        new("SysprepDies", Dies, WithPatience),
        new("SysprepHangs", Hangs),
        new("SysprepHoldsNoOutput", HoldsNoOutput, WithPatience),
        new("SysprepIsMissing", IsMissing),
        new("SysprepWhatIfChangesNothing", WhatIfChangesNothing),
        new("SysprepRefusesShutdown", RefusesShutdown),
    ];

    private static void StateIsRead(BedMachine bed)
    {
        File.WriteAllText(BedFiles.SuccessTag, "");
        bed.ImageState = ImageStates.GeneralizedToOobe;
        var run = bed.Engine.Run("Get-AibSysprepState | ForEach-Object { \"$($_.ImageState) $($_.GeneralizationState) $($_.CleanupState) $($_.HasSuccessTag) $($_.IsSealed)\" }; Test-AibSysprepState; Test-AibSysprepState IMAGE_STATE_COMPLETE").WithoutErrors();
        Expect.Equal($"{ImageStates.GeneralizedToOobe} 7 2 True True|True|False", string.Join('|', run.Lines), "the state");
    }

    private static void StateIsWaitedFor(BedMachine bed)
    {
        _ = bed.Engine;
        bed.Sysprep(new SysprepBehaviour { Seconds = 4 });
        bed.StartSysprep("/generalize", "/oobe", "/quiet", "/quit");
        var run = bed.Engine.Run("(Wait-AibSysprepState -Timeout 40 -PassThru).Changes | ForEach-Object { $_.State }").WithoutErrors();
        Expect.Equal(ImageStates.GeneralizedToOobe, run.Lines[^1], "the state");
    }

    private static void StateIsNoticed(BedMachine bed)
    {
        bed.ImageState = ImageStates.Undeployable;
        _ = bed.Engine;
        Stamp.Clear();
        bed.After(3, "image-state", ImageStates.GeneralizedToOobe);
        bed.Engine.Run("Wait-AibSysprepState -Timeout 40").WithoutErrors();
        Expect.Noticed("the image state");
    }

    private static void EndIsNoticed(BedMachine bed)
    {
        Stamp.Clear();
        bed.Engine.Run("Invoke-AibSysprep").WithoutErrors();
        Expect.Noticed("Sysprep's end");
    }

    private static void StateThatCannotCome(BedMachine bed)
    {
        var run = bed.Engine.Run("Wait-AibSysprepState");
        AgentWaitScenarios.ExpectError(run, "SysprepNotSealed", "Sysprep has not run for 30 s, and the image state is IMAGE_STATE_COMPLETE");
        Expect.Between(30, 36, run.Duration, "the wait");
    }

    private static void StateWaitCanBeStopped(BedMachine bed)
    {
        foreach (var isRehearsed in (bool[])[true, false])
        {
            using var run = bed.Engine.Start("Wait-AibSysprepState");
            Thread.Sleep(1500);
            var stopping = run.Stop();
            Expect.That(run.Wait().Stopped, "the engine did not say that it was stopped");
            // The slow look beside the notifications takes 10 s; how short it really is, is measured (run measure).
            Expect.That(isRehearsed || stopping < TimeSpan.FromSeconds(2), $"stopping took {stopping.TotalMilliseconds:0} ms");
        }
    }

    private static void Seals(BedMachine bed)
    {
        File.WriteAllText(BedFiles.AnswerFiles[0], "<unattend/>");
        File.WriteAllText(Path.Combine(BedFiles.Panther, "setupact.log"), "an earlier run");
        var run = bed.Engine.Run("(Invoke-AibSysprep -ModeVm -PassThru).IsSealed").WithoutErrors();
        Expect.Equal("True", run.Lines[0], "whether it is sealed");
        Expect.Equal("/oobe /generalize /quiet /quit /mode:vm", bed.SysprepArguments, "the arguments of Sysprep");
        Expect.That(!File.Exists(BedFiles.AnswerFiles[0]), "the answer file is still there");
        Expect.Equal("an earlier run", File.ReadAllText(Path.Combine(BedFiles.Panther, "setupact.before.log")), "the log of the earlier run");
    }

    private static void ClearsReadOnlyAnswers(BedMachine bed)
    {
        foreach (var file in BedFiles.AnswerFiles)
        {
            File.WriteAllText(file, "<unattend/>");
            File.SetAttributes(file, FileAttributes.ReadOnly);
        }
        try
        {
            bed.Engine.Run("Invoke-AibSysprep").WithoutErrors();
            Expect.That(!BedFiles.AnswerFiles.Any(File.Exists), "an answer file is still there");
        }
        finally
        {
            foreach (var left in BedFiles.AnswerFiles.Where(File.Exists))
            {
                File.SetAttributes(left, FileAttributes.Normal);
            }
        }
    }

    private static void FollowsSetupHost(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { HandsOver = true, Seconds = 5 });
        bed.Engine.Run("Invoke-AibSysprep").WithoutErrors();
        Expect.Equal(ImageStates.GeneralizedToOobe, bed.ImageState, "the image state");
    }

    // A program of the same name in the folder of a feature update, which runs all the while.
    private static void IsNoFeatureUpdate(BedMachine bed)
    {
        var folder = Directory.CreateDirectory(@"C:\$WINDOWS.~BT\Sources").FullName;
        var program = Path.Combine(folder, "SetupHost.exe");
        File.Copy(@"C:\windows\System32\cmd.exe", program, overwrite: true);
        using var update = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            var run = bed.Engine.Run("(Get-AibSysprepState).Running.Count; (Invoke-AibSysprep -PassThru).IsSealed").WithoutErrors();
            Expect.Equal("0 True", string.Join(' ', run.Lines), "what runs, and the seal");
            Expect.Equal(false, update.HasExited, "the end of the feature update");
        }
        finally
        {
            update.Kill();
        }
    }

    private static void Refuses(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Refuses, Error = Error });
        var run = bed.Engine.Run("Invoke-AibSysprep -Timeout 6 | ForEach-Object { $_.Message }");
        AgentWaitScenarios.ExpectError(run, "SysprepNotSealed", $"image state IMAGE_STATE_COMPLETE and without its success tag; first error: [0x0f0082] SYSPRP {Error}");
        Expect.Contains(Error, run.Lines.Take(1));
    }

    private static void Dies(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Dies, Error = "" });
        var run = bed.Engine.Run("Invoke-AibSysprep");
        AgentWaitScenarios.ExpectError(run, "SysprepNotSealed", "image state IMAGE_STATE_UNDEPLOYABLE and without its success tag; first error: its logs name no error");
        Expect.Between(30, 60, run.Duration, "the failure");
    }

    private static void Hangs(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Hangs });
        var run = bed.Engine.Run("Invoke-AibSysprep -Timeout 4");
        AgentWaitScenarios.ExpectError(run, "SysprepTimedOut", "Sysprep is not done after 4 s");
    }

    private static void HoldsNoOutput(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Hangs });
        using var caller = Process.Start(new ProcessStartInfo(Pwsh.Program, "-NoProfile -Command Invoke-AibSysprep -Timeout 2") { RedirectStandardOutput = true, UseShellExecute = false, CreateNoWindow = true })!;
        Expect.That(caller.StandardOutput.ReadToEndAsync().Wait(TimeSpan.FromSeconds(40)), "the caller's output does not end before Sysprep does");
        Expect.That(Process.GetProcessesByName("Sysprep").Length > 0, "Sysprep does not run");
    }

    private static void IsMissing(BedMachine bed)
    {
        using var missing = BedFiles.SetAside(BedFiles.Sysprep);
        AgentWaitScenarios.ExpectError(bed.Engine.Run("Invoke-AibSysprep"), "SysprepNotStarted", "Sysprep.exe could not be started");
        var result = bed.Engine.Run("(Invoke-AibDeprovision -ErrorAction SilentlyContinue).ExitCode");
        Expect.Equal("13", result.Lines[0], "the exit code");
    }

    private static void WhatIfChangesNothing(BedMachine bed)
    {
        File.WriteAllText(BedFiles.AnswerFiles[0], "<unattend/>");
        SetupRegistry.AddProvider("Generalize", "vmagent", @"C:\windows\System32\VMAgentDisabler.dll,DisableVMAgent");
        bed.Engine.Run("Invoke-AibSysprep -RemoveSysprepProvider VMAgentDisabler.dll -WhatIf; Invoke-AibDeprovision -RemoveSysprepProvider VMAgentDisabler.dll -WhatIf").WithoutErrors();
        Expect.Equal(null, bed.SysprepArguments, "the arguments of Sysprep");
        Expect.That(File.Exists(BedFiles.AnswerFiles[0]), "the answer file is gone");
        Expect.Equal(1, SetupRegistry.Providers("Generalize").Count, "the number of providers");
    }

    private static void RefusesShutdown(BedMachine bed)
    {
        AgentWaitScenarios.ExpectError(bed.Engine.Run("Invoke-AibSysprep -ArgumentList /oobe, /generalize, /shutdown"), "SysprepArgumentRefused", "/shutdown turns the build VM off");
        Expect.Equal(null, bed.SysprepArguments, "the arguments of Sysprep");
    }
}
