using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>cloud-init is not so much as named.</summary>
internal sealed class CloudInitStays() : LinuxScriptRule(LinuxScriptRules.CloudInitStays)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => script.Deprovisions.Count == 0 || script.Mentions("cloud-init") || script.Mentions("/var/lib/cloud") ? [] : [At(script, script.Deprovisions[script.Deprovisions.Count - 1])];
}
