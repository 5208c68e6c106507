using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Neither run nor left to something that is not known.</summary>
internal sealed class SysprepMissing() : WindowsScriptRule(WindowsScriptRules.SysprepMissing)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        // One that works on a deprovision script does not have to run Sysprep itself.
        script.SysprepCalls.Count > 0 || script.Errors.Length > 0 || script.RunsTheUnknown || script.Mentions("DeprovisioningScript") ? [] : [At(script.Ast.Extent)];
}
