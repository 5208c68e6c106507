using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>$Env:SystemRoot\windows\system32.</summary>
internal sealed class WindowsTwice() : WindowsScriptRule(WindowsScriptRules.WindowsTwice)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) => script.Texts
        .Where(text => text.Text.Replace(@"\\", @"\").StartsWith(@"C:\Windows\windows\", StringComparison.OrdinalIgnoreCase)).Select(text => At(text.Ast, ("found", text.Ast.Extent.Text)));
}
