using AibDeprovision.Plans;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The scripts that are run in the Linux bed, and what their output has to look like.</summary>
internal static class BedScripts
{
    /// <summary>The hardened Linux script of a plan.</summary>
    public static string Hardened(DeprovisionPlan plan) =>
        ScriptGenerator.Generate(plan with { Platform = DeprovisionPlatform.Linux }).Content;

    /// <summary>One of the documented defaults.</summary>
    public static string Generic(string version) => ScriptGenerator.Generate(new DeprovisionPlan
    {
        Platform = DeprovisionPlatform.Linux,
        Profile = DeprovisionProfile.Generic,
        GenericVersion = version,
    }).Content;

    /// <summary>The run has ended by itself with a code of the table, and with the cause in its last line.</summary>
    public static void AssertVerdict(BedRun run, DeprovisionExitCode code, string text = "")
    {
        Assert.True(run.ExitCode == (int)code, run.ToString());
        Assert.Contains($"verdict: {code} (exit code {(int)code}): ", run.Output[^1], StringComparison.Ordinal);
        Assert.Contains(text, run.Output[^1], StringComparison.Ordinal);
    }

    /// <summary>A phase has said something.</summary>
    public static void AssertSaid(BedRun run, string text) =>
        Assert.True(run.Output.Any(line => line.StartsWith(">>> ", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal)), $"'{text}' was not said.\n{run}");
}
