using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>U+2010 to U+2015 and the minus of mathematics before an option of waagent.</summary>
internal sealed class DashIsNone() : LinuxScriptRule(LinuxScriptRules.DashIsNone)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) =>
        Broken(script).Select(word => At(script, word.Offset, word.Raw, word.Text));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(LinuxScript script) => Broken(script).Select(word => Mend(script, word, word.Raw.Replace(word.Text[0], '-')));

    private static IEnumerable<ShWord> Broken(LinuxScript script) =>
        script.Deprovisions.SelectMany(call => call.Arguments.Where(a => a.Text is [(>= '\u2010' and <= '\u2015') or '\u2212', ..]));
}
