using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>CR LF anywhere.</summary>
internal sealed class CarriageReturns() : LinuxScriptRule(LinuxScriptRules.CarriageReturns)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => script.Original.Contains("\r\n") ? [AtBegin()] : [];

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(LinuxScript script) =>
        script.Original.Contains("\r\n") ? [new ScriptMend(1, [new ScriptEdit(0, script.Original.Length, script.Original.Replace("\r\n", "\n"))])] : [];
}
