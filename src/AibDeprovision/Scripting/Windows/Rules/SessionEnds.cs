using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Restarts, shutdowns, and the end of the processes that the build works through.</summary>
internal sealed class SessionEnds() : CommandRule(WindowsScriptRules.SessionEnds)
{
    private static readonly string[] s_hosts = ["wsmprovhost", "winrshost", "powershell", "wsmprovhost.exe", "winrshost.exe", "powershell.exe"];

    /// <inheritdoc/>
    protected override bool Breaks(ScriptCommand command, WindowsScript script) =>
        command.Is("Stop-Computer", "Restart-Computer", "logoff")
        || (command.Is("shutdown") && Any(command, a => a.Length == 2 && a[0] is '/' or '-' && "rsgpRSGP".IndexOf(a[1]) >= 0))
        || (command.Is("Stop-Process") && AnyOf(command, s_hosts))
        || (command.Is("taskkill") && AnyOf(command, s_hosts));
}
