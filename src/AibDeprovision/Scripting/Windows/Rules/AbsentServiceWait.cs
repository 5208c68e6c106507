using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>An unguarded wait for the service that newer agents do not have.</summary>
internal sealed class AbsentServiceWait() : WindowsScriptRule(WindowsScriptRules.AbsentServiceWait)
{
    private const string Telemetry = "WindowsAzureTelemetryService";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) => script.Loops.Where(Breaks).Select(loop => At(loop.Loop, ("service", Telemetry)));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) =>
        script.Loops.Where(Breaks).Select(loop => new ScriptMend(loop.Loop.Extent.StartLineNumber, WaitEdits.Guard(loop, Telemetry)));

    /// <summary>Whether a loop is such a wait.</summary>
    public static bool Breaks(WaitLoop loop) => loop.IsEndless && loop.HoldsForAbsent && loop.Services.Contains(Telemetry, StringComparer.OrdinalIgnoreCase);
}
