using AibDeprovision.Plans;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>By a customizer: a deprovision script may remove itself.</summary>
internal sealed class TargetDeleted() : CommandRule(WindowsScriptRules.TargetDeleted)
{
    private static readonly string s_target = DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Windows);

    /// <inheritdoc/>
    protected override bool Breaks(ScriptCommand command, WindowsScript script) =>
        command.Is("Remove-Item") && Any(command, IsTarget) && script.SysprepCalls.Count == 0
        && !script.Commands.Any(later => later.Ast.Extent.StartOffset > command.Ast.Extent.EndOffset && !later.Is("Remove-Item", "Test-Path") && Any(later, IsTarget));

    private static bool IsTarget(string path) => path.Replace('/', '\\').Equals(s_target, StringComparison.OrdinalIgnoreCase);
}
