using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>The reader has stopped.</summary>
internal sealed class NotUnderstood() : LinuxScriptRule(LinuxScriptRules.NotUnderstood)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => script.Beyond is { } beyond ? [At(script, beyond.Offset, beyond.Reason, beyond.Reason)] : [];
}
