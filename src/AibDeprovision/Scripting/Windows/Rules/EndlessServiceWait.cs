using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A loop that only a service ends.</summary>
internal sealed class EndlessServiceWait() : WindowsScriptRule(WindowsScriptRules.EndlessServiceWait)
{
    /// <inheritdoc/>
    public override bool HasSubject(WindowsScript script) => script.Loops.Any(loop => loop.Services.Count > 0);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        Broken(script).Select(loop => At(loop.Loop, ("service", loop.Services.Contains("*") ? "a service" : string.Join(" and ", loop.Services))));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) =>
        Broken(script).Select(loop => new ScriptMend(loop.Loop.Extent.StartLineNumber, WaitEdits.Bound(script, loop, new DeprovisionPlan().ServiceTimeout)));

    private static IEnumerable<WaitLoop> Broken(WindowsScript script) => script.Loops.Where(loop => loop is { IsEndless: true, IsForImageState: false } && !AbsentServiceWait.Breaks(loop));
}
