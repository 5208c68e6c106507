using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Rehearses Linux scripts for tests; where that cannot be done the test skips, or fails where every bed is required.</summary>
internal static class LinuxRehearsalRun
{
    /// <summary>The limit of Azure Image Builder when a template sets none.</summary>
    public static TimeSpan BuildTimeout { get; } = TimeSpan.FromMinutes(240);

    // Longer than the product's: how fast the machine under the tests is must not decide what a script that ends is found to do.
    private static readonly TimeSpan RealTimeLimit = TimeSpan.FromMinutes(5);

    /// <summary>The text of one of the project's scripts: hardened, linux-1 or linux-2.</summary>
    public static string ScriptOf(string name) => ScriptGenerator.Generate(name == "hardened"
        ? new() { Platform = DeprovisionPlatform.Linux }
        : new() { Platform = DeprovisionPlatform.Linux, Profile = DeprovisionProfile.Generic, GenericVersion = name }).Content;

    /// <summary>Rehearses a script.</summary>
    /// <param name="script">Its text.</param>
    /// <param name="scenario">The name of a scenario.</param>
    /// <param name="buildTimeout">The build's limit; null for four hours.</param>
    /// <param name="realTimeLimit">The limit in real time; null for one that no script which ends comes near.</param>
    public static RehearsalResult Rehearse(string script, string scenario = "agent-present", TimeSpan? buildTimeout = null, TimeSpan? realTimeLimit = null, RehearsalOptions? options = null)
    {
        RequireBed();
        return LinuxRehearsal.Run(
            script.ReplaceLineEndings("\n"),
            LinuxRehearsal.Scenarios.Single(item => item.Name == scenario),
            options ?? buildTimeout ?? BuildTimeout,
            realTimeLimit ?? RealTimeLimit,
            unavailable: null,
            TestContext.Current.CancellationToken);
    }

    /// <summary>Skips the test where nothing can be rehearsed.</summary>
    public static void RequireBed()
    {
        Assert.False(LinuxRehearsal.Unavailable is not null && Toolbox.Required, LinuxRehearsal.Unavailable);
        Assert.SkipWhen(LinuxRehearsal.Unavailable is not null, LinuxRehearsal.Unavailable ?? "");
    }

    /// <summary>A result with all that it says, for the message of a failed test.</summary>
    public static string Tell(RehearsalResult result) =>
        $"{result}, exit code {result.ExitCode}, {result.VirtualTime}, cause: {result.Cause}, detail: {result.Detail}\n{string.Join('\n', result.Output)}";
}
