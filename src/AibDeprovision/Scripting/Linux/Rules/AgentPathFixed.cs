using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>One path, and no second way to it.</summary>
internal sealed class AgentPathFixed() : LinuxScriptRule(LinuxScriptRules.AgentPathFixed)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) =>
        script.Deprovisions.Select(call => call.Own[0].Text).Distinct().ToList() is [var path] && path.StartsWith("/", StringComparison.Ordinal) && !IsAskedFor(script)
            ? [At(script, script.Deprovisions[0].Own[0].Offset, script.Deprovisions[0].ToString(), path)] : [];

    private static bool IsAskedFor(LinuxScript script) =>
        script.Commands.Any(c => (c.Name is "which" or "command" or "type" or "hash" && c.Own.Concat(c.Words).Any(w => w.Text == "waagent")) || (c.Name is "[" or "[[" or "test" && c.Arguments.Any(a => a.Leaf.StartsWith("waagent", StringComparison.Ordinal))));
}
