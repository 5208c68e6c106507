using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A loop that only the image state ends.</summary>
internal sealed class EndlessSealWait() : WindowsScriptRule(WindowsScriptRules.EndlessSealWait)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.Loops.Where(loop => loop.IsForImageState && loop.IsEndless).Select(loop => At(loop.Loop));
}
