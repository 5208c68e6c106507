using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>CR LF anywhere.</summary>
internal sealed class CarriageReturns() : LinuxScriptRule(LinuxScriptRules.CarriageReturns)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => script.Original.Contains("\r\n") ? [AtBegin()] : [];
}
