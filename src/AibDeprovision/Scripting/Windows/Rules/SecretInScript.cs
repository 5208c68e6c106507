using System.Management.Automation.Language;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A literal where a secret goes.</summary>
internal sealed class SecretInScript() : WindowsScriptRule(WindowsScriptRules.SecretInScript)
{
    private static readonly string[] s_names = ["password", "passwd", "pwd", "secret", "token", "apikey", "accountkey", "accesskey", "saskey", "sastoken"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script)
    {
        foreach (var assignment in script.Assignments)
        {
            if (assignment.Left is VariableExpressionAst { VariablePath.UserPath: var name } && Array.Exists(s_names, n => name.EndsWith(n, StringComparison.OrdinalIgnoreCase))
                && assignment.Right is CommandExpressionAst { Expression: StringConstantExpressionAst { Value: { Length: > 3 } value } } && IsSecret(value))
            {
                yield return At(assignment.Left);
            }
        }
        foreach (var command in script.Commands.Where(c => c.Is("ConvertTo-SecureString") && c.Has("AsPlainText")))
        {
            if (command.Argument("String", 0, "AsPlainText", "Force") is StringConstantExpressionAst { Value: { Length: > 0 } value } && IsSecret(value))
            {
                yield return At(command.Ast.CommandElements[0]);
            }
        }
        foreach (var (ast, text) in script.Texts.Where(t => SignedAddress.IsIn(t.Text)))
        {
            yield return At(ast);
        }
    }

    // What stands for a value is none.
    private static bool IsSecret(string value) => value.IndexOfAny(['<', '{', '$', '%', '*']) < 0 && value.IndexOf("your", StringComparison.OrdinalIgnoreCase) < 0;
}
