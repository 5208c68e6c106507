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
            var read = script.Nodes.OfType<VariableExpressionAst>().FirstOrDefault(a => a.VariablePath.UserPath.EndsWith("LASTEXITCODE", StringComparison.OrdinalIgnoreCase) && a.IsAfter(call.Ast));
            // Another program in between has an exit code of its own.
            if (read is not null && !script.Commands.Any(c => c.Ast.IsAfter(call.Ast) && read.IsAfter(c.Ast) && IsProgram(c)))
            {
                yield return At(read);
            }
        }
    }

    private static bool IsProgram(ScriptCommand command) => command.Name.IndexOf('-') < 0;
}
