using System.Management.Automation.Language;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>It is asked for in a way that ends the script where it is missing.</summary>
internal sealed class TelemetryRequired() : CommandRule(WindowsScriptRules.TelemetryRequired)
{
    /// <inheritdoc/>
    protected override bool Breaks(ScriptCommand command, WindowsScript script) =>
        command.Is("Get-Service", "Start-Service", "Restart-Service") && AnyOf(command, "WindowsAzureTelemetryService")
        && (script.Constants.Of(command.Argument("ErrorAction", -1)) is { } action ? action.Equals("Stop", StringComparison.OrdinalIgnoreCase) : StopsOnErrors(script))
        && !command.Ast.Around().Any(at => at is TryStatementAst or TrapStatementAst);

    private static bool StopsOnErrors(WindowsScript script) => script.Assignments.Any(a =>
        a.Left is VariableExpressionAst { VariablePath.UserPath: var name } && name.Equals("ErrorActionPreference", StringComparison.OrdinalIgnoreCase)
        && "Stop".Equals(script.Constants.Of(a.Right), StringComparison.OrdinalIgnoreCase));
}
