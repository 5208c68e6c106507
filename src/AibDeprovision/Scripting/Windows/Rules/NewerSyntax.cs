using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>What PowerShell 7 has and 5.1 has not.</summary>
internal sealed class NewerSyntax() : WindowsScriptRule(WindowsScriptRules.NewerSyntax)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.Errors.Length > 0 || Rehearsal.Windows.Sandbox.NewerSyntax.First(script.Ast, script.Tokens) is not { } found ? []
        : [At(found.Place, ("what", $"Windows PowerShell 5.1 does not know {found.What}"))];
}
