using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>U+FEFF at the begin.</summary>
internal sealed class ByteOrderMark() : LinuxScriptRule(LinuxScriptRules.ByteOrderMark)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => script.Original.StartsWith("\uFEFF", StringComparison.Ordinal) ? [AtBegin()] : [];

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(LinuxScript script) => script.Original.StartsWith("\uFEFF", StringComparison.Ordinal) ? [new ScriptMend(1, [new ScriptEdit(0, 1, "")])] : [];
}
