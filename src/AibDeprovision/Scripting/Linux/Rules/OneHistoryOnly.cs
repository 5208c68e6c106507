using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>HISTSIZE, history -c, or one file.</summary>
internal sealed class OneHistoryOnly() : LinuxScriptRule(LinuxScriptRules.OneHistoryOnly)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script)
    {
        var files = script.Commands.Where(c => c.Name is "rm" or "truncate" or "shred" or "find" or "unlink").SelectMany(c => c.Arguments).Where(a => a.Text.Contains("history")).ToList();
        // A pattern takes more than one, whatever is given it.
        if (files.Count > 1 || script.Commands.Any(c => c.Arguments.Any(a => a.Text.Contains("history") && a.Text.IndexOfAny(['*', '?', '[']) >= 0)))
        {
            yield break;
        }
        if (files is [var file])
        {
            yield return At(script, file.Offset, file.Raw, file.Text);
        }
        else if (script.Commands.FirstOrDefault(c => c.Name == "history" || c.Assignments.Concat(c.Arguments).Any(a => a.Text.StartsWith("HISTSIZE=", StringComparison.Ordinal))) is { } command)
        {
            yield return At(script, command);
        }
    }
}
