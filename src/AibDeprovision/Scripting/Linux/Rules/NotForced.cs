using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>Neither -force nor an answer by a pipe.</summary>
internal sealed class NotForced() : LinuxScriptRule(LinuxScriptRules.NotForced)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => Broken(script).Select(call => At(script, call));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(LinuxScript script) => Broken(script).Select(call => Mend(script, call.Own[0], call.Own[0].Raw + " -force"));

    private static IEnumerable<ShCommand> Broken(LinuxScript script)
    {
        for (var i = 0; i < script.Commands.Count; i++)
        {
            var call = script.Commands[i];
            var isAnswered = i > 0 && script.Commands[i - 1].After == "|" || call.Redirections.Any(r => r.Operator is "<" or "<<" or "<<<" or "<<-");
            // A word that is not known may hold the option.
            if (call.IsDeprovision && !isAnswered && !call.Arguments.Any(a => a.Text.TrimStart('-', '\u2013', '\u2014').StartsWith("force", StringComparison.Ordinal) || a.Text.StartsWith("$", StringComparison.Ordinal)))
            {
                yield return call;
            }
        }
    }
}
