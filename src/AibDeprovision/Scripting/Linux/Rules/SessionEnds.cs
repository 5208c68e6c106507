using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>reboot, poweroff, shutdown and the like.</summary>
internal sealed class SessionEnds() : ShCommandRule(LinuxScriptRules.SessionEnds, Ends)
{
    private static bool Ends(ShCommand command) => command.Name is "reboot" or "poweroff" or "halt"
        || (command.Name == "shutdown" && !command.Has("-c") && !command.Has("-k"))
        || (command.Name is "init" or "telinit" && (command.Has("0") || command.Has("6")))
        || (command.Name == "systemctl" && command.Arguments.Any(a => a.Text is "reboot" or "poweroff" or "halt" or "kexec"));
}
