using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Neither the image state nor another mark of success is looked at.</summary>
internal sealed class SealNotVerified() : WindowsScriptRule(WindowsScriptRules.SealNotVerified)
{
    private static readonly string[] s_proofs = ["ImageState", "IMAGE_STATE_", "Sysprep_succeeded", "GeneralizationState"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.SysprepCalls.Count == 0 || Array.Exists(s_proofs, script.Mentions) ? [] : [At(script.SysprepCalls[script.SysprepCalls.Count - 1].Ast)];
}
