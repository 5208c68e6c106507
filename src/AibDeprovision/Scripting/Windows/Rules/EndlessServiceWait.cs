using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A loop that only a service ends.</summary>
internal sealed class EndlessServiceWait() : WindowsScriptRule(WindowsScriptRules.EndlessServiceWait)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.Loops.Where(loop => loop is { IsEndless: true, IsForImageState: false } && !AbsentServiceWait.Breaks(loop))
            .Select(loop => At(loop.Loop, ("service", loop.Services.Contains("*") ? "a service" : string.Join(" and ", loop.Services))));
}
