using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>rm of /var/lib/waagent before waagent has run.</summary>
internal sealed class AgentStateRemovedFirst() : LinuxScriptRule(LinuxScriptRules.AgentStateRemovedFirst)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) =>
        script.Deprovisions.Count == 0 ? []
        : script.Commands.Where(c => c.Offset < script.Deprovisions[0].Offset && c.Name is "rm" or "find" or "shred" && c.Offset < script.Deprovisions[0].Offset && IsState(c)).Select(c => At(script, c));

    private static bool IsState(ShCommand command) => (command.Name != "find" || command.Has("-delete") || command.Has("-exec"))
        && command.Arguments.Any(a => a.Text.TrimEnd('/', '*') == "/var/lib/waagent" || a.Text == "/var/lib/waagent/ovf-env.xml");
}
