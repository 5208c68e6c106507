using System.Management.Automation.Language;

namespace AibDeprovision.Scripting.Windows;

/// <summary>The texts that expressions of a script always have, as far as that can be read off without running it.</summary>
internal sealed class ConstantText
{
    private const int MostSteps = 8;

    private static readonly Dictionary<string, string> Environment = new(StringComparer.OrdinalIgnoreCase)
    {
        ["env:SystemRoot"] = @"C:\Windows",
        ["env:windir"] = @"C:\Windows",
        ["env:SystemDrive"] = "C:",
    };

    private readonly Dictionary<string, List<Ast>> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="assignments">All assignments of the script.</param>
    /// <param name="loops">All its foreach loops.</param>
    public ConstantText(IEnumerable<AssignmentStatementAst> assignments, IEnumerable<ForEachStatementAst> loops)
    {
        foreach (var assignment in assignments)
        {
            if (Variable(assignment.Left) is { } name)
            {
                // What is added to or changed in place is not constant.
                Add(name, assignment.Operator == TokenKind.Equals ? assignment.Right : assignment);
            }
        }
        foreach (var loop in loops)
        {
            Add(loop.Variable.VariablePath.UserPath, loop.Condition);
        }
    }

    /// <summary>The one text of an expression; null where it has none that is known.</summary>
    public string? Of(Ast? ast) => ListOf(ast) is [var text] ? text : null;

    /// <summary>The texts of an expression, of a list or of a variable that has one value; null where not all are known.</summary>
    public IReadOnlyList<string>? ListOf(Ast? ast) => Texts(ast, MostSteps);

    /// <summary>What is assigned to a variable, where that is done once.</summary>
    public Ast? ValueOf(VariableExpressionAst variable) =>
        _values.TryGetValue(variable.VariablePath.UserPath, out var values) && values.Count == 1 ? values[0] : null;

    private void Add(string name, Ast value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _values[name] = values = [];
        }
        values.Add(value);
    }

    private IReadOnlyList<string>? Texts(Ast? ast, int steps)
    {
        if (steps == 0)
        {
            return null;
        }
        return ast switch
        {
            StringConstantExpressionAst text => [text.Value],
            ConstantExpressionAst constant => [constant.Value?.ToString() ?? ""],
            ExpandableStringExpressionAst text => Expanded(text, steps - 1),
            VariableExpressionAst variable => Environment.TryGetValue(variable.VariablePath.UserPath, out var known) ? [known]
                : ValueOf(variable) is { } value ? Texts(value, steps - 1) : null,
            ParenExpressionAst paren => Texts(paren.Pipeline, steps - 1),
            ArrayExpressionAst array => Joined(array.SubExpression.Statements.Select(s => Texts(s, steps - 1))),
            ArrayLiteralAst array => Joined(array.Elements.Select(e => Texts(e, steps - 1))),
            SubExpressionAst { SubExpression.Statements: [var only] } => Texts(only, steps - 1),
            PipelineAst { PipelineElements: [CommandExpressionAst expression] } => Texts(expression.Expression, steps - 1),
            PipelineAst { PipelineElements: [CommandAst command] } => JoinPath(command, steps - 1),
            CommandExpressionAst expression => Texts(expression.Expression, steps - 1),
            ConvertExpressionAst convert => Texts(convert.Child, steps - 1),
            BinaryExpressionAst { Operator: TokenKind.Plus } sum => Texts(sum.Left, steps - 1) is [var left] && Texts(sum.Right, steps - 1) is [var right] ? [left + right] : null,
            _ => null,
        };
    }

    private IReadOnlyList<string>? Expanded(ExpandableStringExpressionAst text, int steps)
    {
        var value = text.Value;
        foreach (var part in text.NestedExpressions)
        {
            if (Texts(part, steps) is not [var known])
            {
                return null;
            }
            var at = value.IndexOf(part.Extent.Text, StringComparison.Ordinal);
            if (at < 0)
            {
                return null;
            }
            value = value.Substring(0, at) + known + value.Substring(at + part.Extent.Text.Length);
        }
        return [value];
    }

    private IReadOnlyList<string>? JoinPath(CommandAst command, int steps)
    {
        if (!string.Equals(command.GetCommandName(), "Join-Path", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var parts = command.CommandElements.Skip(1).Where(e => e is not CommandParameterAst).Select(e => Texts(e, steps) is [var text] ? text : null).ToList();
        return parts.Count >= 2 && parts.TrueForAll(part => part is not null) ? [string.Join("\\", parts.Select(part => part!.Trim('\\', '/')))] : null;
    }

    private static List<string>? Joined(IEnumerable<IReadOnlyList<string>?> parts)
    {
        List<string> all = [];
        foreach (var part in parts)
        {
            if (part is null)
            {
                return null;
            }
            all.AddRange(part);
        }
        return all;
    }

    private static string? Variable(ExpressionAst left) => left switch
    {
        VariableExpressionAst variable => variable.VariablePath.UserPath,
        AttributedExpressionAst attributed => Variable(attributed.Child),
        _ => null,
    };
}
