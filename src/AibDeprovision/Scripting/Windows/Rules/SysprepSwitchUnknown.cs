using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A word with a slash that Sysprep does not have.</summary>
internal sealed class SysprepSwitchUnknown() : WindowsScriptRule(WindowsScriptRules.SysprepSwitchUnknown)
{
    private static readonly string[] s_known = ["oobe", "audit", "generalize", "mode", "reboot", "shutdown", "quit", "quiet", "unattend"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.SysprepCalls.SelectMany(call => call.Switches.Where(s => !s_known.Contains(s.Split(':')[0], StringComparer.OrdinalIgnoreCase)).Select(s => At(call.Ast, ("found", s))));
}
