using AibDeprovision.Scripting.Windows.Rules;

namespace AibDeprovision.Scripting.Windows;

/// <summary>The checks of scripts for Windows: one class a rule.</summary>
internal static class WindowsScriptChecks
{
    /// <summary>The checks of Windows scripts.</summary>
    public static IReadOnlyList<WindowsScriptRule> All { get; } =
    [
        new SyntaxError(), new NewerSyntax(), new ExpandedText(), new SysprepMissing(),
        new SysprepShutdown(), new SysprepReboot(), new SysprepAudit(), new SysprepWithoutGeneralize(),
        new SysprepWithoutOobe(), new SysprepWithoutQuit(), new SysprepWithoutQuiet(), new SysprepAnswerFile(),
        new SysprepSwitchUnknown(), new SysprepTwice(), new SysprepNotWatched(), new SysprepExitCode(),
        new SealNotVerified(), new ImageStateWrong(), new EndlessSealWait(), new EndlessServiceWait(),
        new AbsentServiceWait(), new TelemetryRequired(), new NoAgentWait(), new TestPathOnValue(),
        new WindowsTwice(), new AnswerFileStays(), new ReplaceMatchesNothing(), new TargetWrong(),
        new TargetDeleted(), new AgentRemoved(), new WinRmClosed(), new SessionEnds(),
        new WorkAfterSysprep(), new SecretInScript(),
    ];
}
