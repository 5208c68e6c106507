using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A loop that only the image state ends.</summary>
internal sealed class EndlessSealWait() : WindowsScriptRule(WindowsScriptRules.EndlessSealWait)
{
    /// <inheritdoc/>
    public override bool HasSubject(WindowsScript script) => script.Loops.Any(loop => loop.IsForImageState);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        Broken(script).Select(loop => At(loop.Loop));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) =>
        Broken(script).Select(loop => new ScriptMend(loop.Loop.Extent.StartLineNumber, WaitEdits.Bound(script, loop, new DeprovisionPlan().SysprepTimeout)));

    private static IEnumerable<WaitLoop> Broken(WindowsScript script) => script.Loops.Where(loop => loop.IsForImageState && loop.IsEndless);
}
