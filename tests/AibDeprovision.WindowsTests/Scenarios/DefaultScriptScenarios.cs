using System.Diagnostics;
using AibDeprovision.Machine;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>The documented defaults, as Azure Image Builder runs them where nobody has put a script in their place.</summary>
internal static class DefaultScriptScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("DefaultWindows2Seals", bed => Seals(bed, "windows-2")),
        new("DefaultWindows3Seals", bed => Seals(bed, "windows-3")),
        new("DefaultNeverEndsWhenSysprepRefuses", NeverEndsWhenSysprepRefuses),
    ];

    private static void Seals(BedMachine bed, string version)
    {
        File.WriteAllText(BedFiles.AnswerFiles[0], "<unattend/>");
        Install(bed, version);
        var run = Pwsh.RunFile(BedFiles.DeprovisioningScript);
        Expect.Equal(0, run.ExitCode, "the exit code");
        Expect.Equal(">>> Sysprep complete ...", run.Lines[^1], "the last line");
        Expect.Equal(ImageStates.GeneralizedToOobe, bed.ImageState, "the image state");
        Expect.That(!File.Exists(BedFiles.AnswerFiles[0]), "the answer file is still there");
        // PowerShell does not wait for a program with a window: the first look comes before Sysprep has done its work.
        var states = run.Lines.Where(line => line.StartsWith("IMAGE_STATE_", StringComparison.Ordinal)).ToArray();
        Expect.That(states.Length > 1 && states[0] != ImageStates.GeneralizedToOobe, $"the script has waited for Sysprep's end; it saw {string.Join(", ", states)}");
    }

    private static void NeverEndsWhenSysprepRefuses(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Refuses });
        Install(bed, "windows-3");
        using var run = Pwsh.Start($"-NoProfile -File {BedFiles.DeprovisioningScript}");
        Expect.Soon(() => run.Lines.Count(line => line == ImageStates.Complete) >= 2, "the script does not go on looking for the image state");
        Expect.Equal(0, Process.GetProcessesByName("Sysprep").Length, "the number of Sysprep's processes");
        Expect.That(run.IsRunning, "the script has ended");
    }

    private static void Install(BedMachine bed, string version) =>
        bed.Engine.Run($"New-AibDeprovisionScript Windows -Profile Generic -GenericVersion {version} | Install-AibDeprovisionScript").WithoutErrors();
}
