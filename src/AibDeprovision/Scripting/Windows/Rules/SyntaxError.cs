using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Windows PowerShell does not run it at all.</summary>
internal sealed class SyntaxError() : WindowsScriptRule(WindowsScriptRules.SyntaxError)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.Errors.Where(error => !ExpandedText.Explains(script, error)).Take(1).Select(error => At(error.Extent, ("error", error.Message.TrimEnd('.'))));
}
