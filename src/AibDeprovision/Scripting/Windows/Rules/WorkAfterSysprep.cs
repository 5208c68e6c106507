using System.Management.Automation.Language;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>What changes the machine or needs the network, after the last call of Sysprep.</summary>
internal sealed class WorkAfterSysprep() : CommandRule(WindowsScriptRules.WorkAfterSysprep)
{
    private static readonly string[] s_work =
    [
        "Invoke-WebRequest", "Invoke-RestMethod", "Start-BitsTransfer", "azcopy", "az", "choco", "winget", "msiexec", "Install-Module", "Install-Package", "Install-WindowsFeature",
        "Add-WindowsCapability", "Enable-WindowsOptionalFeature", "New-LocalUser", "Restart-Service", "Start-Service", "New-PSDrive", "gpupdate", "Add-AppxPackage", "Add-AppxProvisionedPackage",
    ];

    /// <inheritdoc/>
    protected override bool Breaks(ScriptCommand command, WindowsScript script) =>
        command.Is(s_work) && script.SysprepCalls.Count > 0 && script.SysprepCalls[script.SysprepCalls.Count - 1] is var call && command.Ast.IsAfter(call.Ast)
        && !call.Ast.Around().Any(at => at is FunctionDefinitionAst) && !command.Ast.Around().Any(at => at is FunctionDefinitionAst or CatchClauseAst);
}
