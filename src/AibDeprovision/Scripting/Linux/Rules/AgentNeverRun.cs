using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>Neither run nor left to something that is not known.</summary>
internal sealed class AgentNeverRun() : LinuxScriptRule(LinuxScriptRules.AgentNeverRun)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) =>
        // One that works on a deprovision script does not have to run waagent itself.
        script.Deprovisions.Count > 0 || script.RunsTheUnknown || script.Beyond is not null || script.Mentions("DeprovisioningScript") || script.Mentions("deprovision") ? [] : [AtBegin()];
}
