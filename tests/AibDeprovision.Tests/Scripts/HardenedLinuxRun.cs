using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>Runs the hardened Linux script on a test machine, in every shell that may run it.</summary>
public static partial class HardenedLinuxRun
{
    public static TheoryData<string> Shells => ["dash", "bash --posix", "busybox sh"];

    [GeneratedRegex(@"^>>> AibDeprovision \[ *\d+\.\ds\] (?<phase>[a-z-]+): .*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    public static partial Regex Marker();

    public static string Script(DeprovisionPlan plan) =>
        ScriptGenerator.Generate(plan with { Platform = DeprovisionPlatform.Linux }).Content;

    public static LinuxTestRun RunPlan(LinuxTestMachine machine, string shell, DeprovisionPlan plan, LinuxTestOptions? options = null) =>
        machine.Run(Script(plan), shell, options);

    public static void AssertVerdict(LinuxTestRun run, DeprovisionExitCode code, string text = "")
    {
        Assert.False(run.TimedOut, run.ToString());
        Assert.True(run.ExitCode == (int)code, run.ToString());
        Assert.Matches(Marker(), run.Output[^1]);
        Assert.Contains($"verdict: {code} (exit code {(int)code}): ", run.Output[^1], StringComparison.Ordinal);
        Assert.Contains(text, run.Output[^1], StringComparison.Ordinal);
    }

    public static void RequireShell(string shell)
    {
        var missing = LinuxSandbox.Unavailable
            ?? (HostPrograms.Find(shell.Split(' ')[0]) is null ? $"There is no '{shell}' on this machine." : null);
        Assert.False(missing is not null && Toolbox.Required, missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }
}
