using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>What dash does not have, in a script that does not ask for bash.</summary>
internal sealed class Bashism() : LinuxScriptRule(LinuxScriptRules.Bashism)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script)
    {
        if (script.IsForBash)
        {
            yield break;
        }
        foreach (var (offset, what) in script.BashWords)
        {
            yield return At(script, offset, what, $"'{what}'");
        }
        foreach (var command in script.Commands)
        {
            var what = command.Name switch
            {
                "[[" => "'[['",
                "source" or "pushd" or "popd" or "shopt" or "declare" or "typeset" or "mapfile" or "readarray" or "let" when !command.Own[0].Text.Contains("/") => $"'{command.Name}'",
                "[" or "test" when command.Has("==") => "'==' in [ ]",
                "set" when command.Arguments.Any(a => a.Text == "pipefail") => "'set -o pipefail'",
                _ => command.Assignments.Concat(command.Words).Select(What).FirstOrDefault(found => found is not null),
            };
            if (what is not null)
            {
                yield return At(script, command.Offset, command.ToString(), what);
            }
        }
    }

    private static string? What(ShWord word) =>
        word.Raw.StartsWith("<(", StringComparison.Ordinal) || word.Raw.StartsWith(">(", StringComparison.Ordinal) ? "'<(...)'"
        : word.Raw.StartsWith("$'", StringComparison.Ordinal) ? "$'...'"
        : null;
}
