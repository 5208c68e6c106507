using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>A literal where a secret goes.</summary>
internal sealed class SecretInScript() : LinuxScriptRule(LinuxScriptRules.SecretInScript)
{
    private static readonly string[] s_names = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "ACCOUNT_KEY", "ACCESS_KEY", "SAS"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script)
    {
        foreach (var command in script.Commands)
        {
            foreach (var word in command.Assignments.Concat(command.Name == "export" ? command.Arguments : []).Where(IsSecret))
            {
                yield return At(script, word.Offset, word.Text.Split('=')[0], "");
            }
            foreach (var word in command.Words.Where(w => SignedAddress.IsIn(w.Text)))
            {
                yield return At(script, word.Offset, "sig=", "");
            }
        }
    }

    private static bool IsSecret(ShWord word)
    {
        var equals = word.Text.IndexOf('=');
        return word.IsLiteral && equals > 0 && word.Text.Length - equals > 4 && word.Text.IndexOfAny(['<', '{', '*'], equals) < 0
            && Array.Exists(s_names, name => word.Text.Substring(0, equals).EndsWith(name, StringComparison.OrdinalIgnoreCase));
    }
}
