using System.Management.Automation.Language;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>$LASTEXITCODE after a call that PowerShell does not wait for.</summary>
internal sealed class SysprepExitCode() : WindowsScriptRule(WindowsScriptRules.SysprepExitCode)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script)
    {
        foreach (var call in script.SysprepCalls.Where(call => call.IsAlone))
        {
            var read = script.Ast.FindAll(a => a is VariableExpressionAst { VariablePath.UserPath: var name } && name.Split(':').Last().Equals("LASTEXITCODE", StringComparison.OrdinalIgnoreCase)
                && a.Extent.StartOffset > call.Ast.Extent.EndOffset, searchNestedScriptBlocks: true).FirstOrDefault();
            // Another program in between has an exit code of its own.
            if (read is not null && !script.Commands.Any(c => c.Ast.Extent.StartOffset > call.Ast.Extent.EndOffset && c.Ast.Extent.EndOffset < read.Extent.StartOffset && IsProgram(c)))
            {
                yield return At(read);
            }
        }
    }

    private static bool IsProgram(ScriptCommand command) => command.Name.IndexOf('-') < 0;
}
