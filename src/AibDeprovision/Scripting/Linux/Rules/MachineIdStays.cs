using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>machine-id is not so much as named.</summary>
internal sealed class MachineIdStays() : LinuxScriptRule(LinuxScriptRules.MachineIdStays)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => script.Deprovisions.Count == 0 || script.Mentions("machine-id") ? [] : [At(script, script.Deprovisions[script.Deprovisions.Count - 1])];
}
