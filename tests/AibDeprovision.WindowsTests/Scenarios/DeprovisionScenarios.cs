using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>Invoke-AibDeprovision, which does all that the hardened script does.</summary>
internal static class DeprovisionScenarios
{
    private const string Error = "Package Contoso.App was installed for a user, but not provisioned for all users";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("DeprovisionSeals", Seals),
        new("DeprovisionNamesWhySysprepRefused", NamesWhySysprepRefused),
        new("DeprovisionFailsWithoutAgent", FailsWithoutAgent),
        new("DeprovisionFailsOnAMissingProvider", FailsOnAMissingProvider),
    ];

    private static void Seals(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Seconds = 3 });
        var run = bed.Engine.Run("$r = Invoke-AibDeprovision -InformationVariable lines; $lines | ForEach-Object { \"$_\" }; $r.ExitCode; $LASTEXITCODE").WithoutErrors();
        Expect.Contains("] wait-services: RdAgent is Running", run.Lines);
        Expect.Contains("] sysprep: image state is IMAGE_STATE_UNDEPLOYABLE", run.Lines);
        Expect.Contains("] verdict: Sealed (exit code 0): the machine is generalized", run.Lines);
        Expect.Equal("0|0", string.Join('|', run.Lines.TakeLast(2)), "the exit codes");
        Expect.Contains("] trace: left " + BedFiles.Trace, run.Lines);
        // The SID that Wine has.
        TraceCheck.IsOf(null);
    }

    private static void NamesWhySysprepRefused(BedMachine bed)
    {
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Refuses, Error = Error });
        var run = bed.Engine.Run("$r = Invoke-AibDeprovision -SysprepTimeout 6 -InformationVariable lines; $lines | ForEach-Object { \"$_\" }; $r.ExitCode; $LASTEXITCODE");
        AgentWaitScenarios.ExpectError(run, "DeprovisionFailed", "SysprepNotSealed (exit code 14)");
        Expect.Contains("setuperr.log of this run: 3 lines", run.Lines);
        Expect.Equal("14|14", string.Join('|', run.Lines.TakeLast(2)), "the exit codes");
    }

    private static void FailsWithoutAgent(BedMachine bed)
    {
        bed.DeleteService("RdAgent");
        var run = bed.Engine.Run("(Invoke-AibDeprovision -ServiceTimeout 2).ExitCode");
        AgentWaitScenarios.ExpectError(run, "DeprovisionFailed", "AgentServiceMissing (exit code 10): The service RdAgent is not installed.");
        Expect.Equal("10", run.Lines[0], "the exit code");
    }

    private static void FailsOnAMissingProvider(BedMachine bed)
    {
        SetupRegistry.AddProvider("Generalize", "vmagent", @"C:\windows\System32\VMAgentDisabler.dll,DisableVMAgent");
        AgentWaitScenarios.ExpectError(bed.Engine.Run("Invoke-AibDeprovision"), "DeprovisionFailed", @"The provider VMAgentDisabler.dll under SysPrepExternal\Generalize is registered");
        var run = bed.Engine.Run("(Invoke-AibDeprovision -RemoveSysprepProvider VMAgentDisabler.dll).ExitCode").WithoutErrors();
        Expect.Equal("0", run.Lines[0], "the exit code");
    }
}
