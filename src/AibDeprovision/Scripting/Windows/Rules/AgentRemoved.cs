using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Its services, or its folder.</summary>
internal sealed class AgentRemoved() : CommandRule(WindowsScriptRules.AgentRemoved)
{
    private static readonly string[] s_services = ["RdAgent", "WindowsAzureGuestAgent"];

    /// <inheritdoc/>
    protected override bool Breaks(ScriptCommand command, WindowsScript script) =>
        command.Is("sc") ? AnyOf(command, s_services) && (AnyOf(command, "delete", "stop") || Any(command, a => a.Equals("disabled", StringComparison.OrdinalIgnoreCase) || a.Equals("start=disabled", StringComparison.OrdinalIgnoreCase)))
        : command.Is("Stop-Service", "Remove-Service", "Suspend-Service") ? AnyOf(command, s_services)
        : command.Is("Set-Service") ? AnyOf(command, s_services) && AnyOf(command, "Disabled", "Stopped")
        : command.Is("net") ? AnyOf(command, "stop") && AnyOf(command, s_services)
        : command.Is("Remove-Item") && Any(command, a => a.TrimEnd('\\', '*').Equals(@"C:\WindowsAzure", StringComparison.OrdinalIgnoreCase));
}
