using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>Nothing that can fail looks at what waagent was to do.</summary>
internal sealed class ResultNotVerified() : LinuxScriptRule(LinuxScriptRules.ResultNotVerified)
{
    private static readonly string[] s_looks = ["[", "[[", "test", "grep", "egrep", "getent", "id", "find", "ls", "stat"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) =>
        script.Deprovisions.Count == 0 || script.Commands.Any(c => c.Offset > script.Deprovisions[script.Deprovisions.Count - 1].Offset && Looks(c)) || IsInFunction(script) ? []
        : [At(script, script.Deprovisions[script.Deprovisions.Count - 1])];

    private static bool Looks(ShCommand command) => s_looks.Contains(command.Name)
        && command.Arguments.Any(a => a.Text.Contains("waagent") || a.Text.Contains("/home") || a.Text.Contains("passwd") || a.Text.Contains("$"));

    // What its callers look at is theirs.
    private static bool IsInFunction(LinuxScript script) => script.Functions.Count > 0;
}
