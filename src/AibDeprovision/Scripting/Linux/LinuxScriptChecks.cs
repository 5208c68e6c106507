using AibDeprovision.Scripting.Linux.Rules;

namespace AibDeprovision.Scripting.Linux;

/// <summary>The checks of scripts for Linux: one class a rule.</summary>
internal static class LinuxScriptChecks
{
    /// <summary>The checks of Linux scripts.</summary>
    public static IReadOnlyList<LinuxScriptRule> All { get; } =
    [
        new CarriageReturns(), new ByteOrderMark(), new NotUnderstood(), new AgentNeverRun(),
        new DashIsNone(), new NotForced(), new UserStays(), new AgentPathFixed(),
        new ResultNotVerified(), new FailureHidden(), new AgentStateRemovedFirst(), new Deferred(),
        new SessionEnds(), new SudoRedirect(), new Bashism(), new CloudInitStays(),
        new MachineIdStays(), new OneHistoryOnly(), new NoSync(), new TargetWrong(),
        new SecretInScript(),
    ];
}
