using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>-deprovision alone, and no userdel.</summary>
internal sealed class UserStays() : LinuxScriptRule(LinuxScriptRules.UserStays)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) =>
        script.Deprovisions.Any(Removes) || script.Commands.Any(c => c.Name is "userdel" or "deluser") ? []
        : script.Deprovisions.Where(call => call.Arguments.Any(a => a.Text.TrimStart('-') == "deprovision")).Select(call => At(script, call));

    private static bool Removes(ShCommand call) => call.Arguments.Any(a => a.Text.EndsWith("deprovision+user", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(LinuxScript script) => !Check(script).Any() ? []
        : script.Deprovisions.SelectMany(call => call.Arguments.Where(a => a.Text.TrimStart('-') == "deprovision")).Select(word => word.IsLiteral ? Mend(script, word, word.Text + "+user")
            : new ScriptMend(script.PlaceOf(word.Offset).Line, []));
}
