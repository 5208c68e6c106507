using System.Diagnostics;
using AibDeprovision.Machine;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Measuring;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>
/// Sysprep.exe, and the SetupHost.exe that it may hand over to: goes through the states of the real one, at the pace and
/// to the end that <see cref="SysprepBehaviour"/> says.
/// </summary>
internal static class FakeSysprep
{
    private static readonly TimeSpan s_validation = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan s_tidying = TimeSpan.FromMilliseconds(300);

    /// <summary>The face of Sysprep.exe.</summary>
    public static int Start(string[] arguments)
    {
        var behaviour = SysprepBehaviour.Load();
        SysprepBehaviour.LastArguments = string.Join(' ', arguments);
        SysprepLog.BeginRun();
        foreach (var argument in arguments)
        {
            SysprepLog.Info($"ParseCommandLine:Found supported command line option '{argument.TrimStart('/', '-').ToUpperInvariant()}'", "0x0f005f");
        }
        var tagged = File.Exists(BedFiles.SuccessTag);
        File.Delete(BedFiles.SuccessTag);
        SysprepLog.Info(tagged ? $"Successfully deleted tag file '{BedFiles.SuccessTag}'" : $"Tag file '{BedFiles.SuccessTag}' does not already exist", tagged ? "0x0f007c" : "0x0f007e");
        Thread.Sleep(s_validation);
        if (behaviour.Ending == SysprepEnding.Refuses)
        {
            return Fail(behaviour, "ValidateSysprepState:Hit failure while validating; the machine is left as it was");
        }
        SetupRegistry.ImageState = ImageStates.Undeployable;
        SetupRegistry.GeneralizationState = 3;
        SysprepLog.Info("SysprepSession::Validate: All validators passed");
        SysprepLog.Info("RunPlatformActions:Executing Sysprep session actions");
        if (!behaviour.HandsOver)
        {
            return GoOn(arguments);
        }
        using var setupHost = Process.Start(BedFiles.SetupHost, arguments);
        return 0;
    }

    /// <summary>The face of SetupHost.exe, and the second half of Sysprep.exe where that does it all.</summary>
    public static int GoOn(string[] arguments)
    {
        var behaviour = SysprepBehaviour.Load();
        if (behaviour.Ending == SysprepEnding.Hangs)
        {
            Thread.Sleep(Timeout.Infinite);
        }
        Thread.Sleep(TimeSpan.FromSeconds(behaviour.Seconds));
        if (behaviour.Ending == SysprepEnding.Dies)
        {
            return Fail(behaviour, "WinMain:Hit failure while processing sysprep generalize internal providers; hr = 0x80004005");
        }
        Seal(Has(arguments, "generalize"), Has(arguments, "audit"));
        // A good while after the image state and the tag, so that it takes the end of the process to be told.
        Thread.Sleep(s_tidying);
        Stamp.Now();
        return 0;
    }

    private static void Seal(bool generalize, bool audit)
    {
        SetupRegistry.ImageState = (generalize, audit) switch
        {
            (true, false) => ImageStates.GeneralizedToOobe,
            (true, true) => ImageStates.GeneralizedToAudit,
            (false, false) => ImageStates.SpecializedToOobe,
            (false, true) => ImageStates.SpecializedToAudit,
        };
        if (generalize)
        {
            SetupRegistry.GeneralizationState = 4;
            SetupRegistry.SetNextStart(2, @"oobe\windeploy.exe");
        }
        File.WriteAllText(BedFiles.SuccessTag, "");
        SysprepLog.Info("Successfully created tag file", "0x0f0080");
        SysprepLog.EndRun();
    }

    private static int Fail(SysprepBehaviour behaviour, string consequence)
    {
        if (behaviour.Error.Length > 0)
        {
            SysprepLog.Error(behaviour.Error, "0x0f0082");
            SysprepLog.Error(consequence);
            SysprepLog.EndRun();
        }
        return 1;
    }

    private static bool Has(string[] arguments, string name) =>
        arguments.Any(argument => argument.TrimStart('/', '-').Equals(name, StringComparison.OrdinalIgnoreCase));
}
