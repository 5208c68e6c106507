using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>The agent's services are not so much as named.</summary>
internal sealed class NoAgentWait() : WindowsScriptRule(WindowsScriptRules.NoAgentWait)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.SysprepCalls.Count == 0 || script.Mentions("RdAgent") || script.Mentions("WindowsAzureGuestAgent") || script.Mentions("Wait-AibGuestAgentService") ? [] : [At(script.SysprepCalls[0].Ast)];
}
