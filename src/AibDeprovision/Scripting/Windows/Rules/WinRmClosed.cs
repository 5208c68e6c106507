using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Its service, its listeners, its port.</summary>
internal sealed class WinRmClosed() : CommandRule(WindowsScriptRules.WinRmClosed)
{
    /// <inheritdoc/>
    protected override bool Breaks(ScriptCommand command, WindowsScript script) =>
        command.Is("Disable-PSRemoting")
        || (command.Is("Stop-Service") && AnyOf(command, "WinRM"))
        || (command.Is("Set-Service") && AnyOf(command, "WinRM") && AnyOf(command, "Disabled", "Stopped"))
        || (command.Is("sc") && AnyOf(command, "WinRM") && AnyOf(command, "delete", "stop", "disabled"))
        || (command.Is("net") && AnyOf(command, "stop") && AnyOf(command, "WinRM"))
        || (command.Is("winrm") && AnyOf(command, "delete"))
        || (command.Is("Remove-Item") && Any(command, a => a.StartsWith("WSMan:", StringComparison.OrdinalIgnoreCase) && a.IndexOf("listener", StringComparison.OrdinalIgnoreCase) >= 0))
        || (command.Is("Remove-NetFirewallRule", "Disable-NetFirewallRule") && Any(command, a => a.IndexOf("WinRM", StringComparison.OrdinalIgnoreCase) >= 0 || a.IndexOf("Windows Remote Management", StringComparison.OrdinalIgnoreCase) >= 0));
}
