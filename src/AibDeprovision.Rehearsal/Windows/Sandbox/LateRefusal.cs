using System.Management.Automation.Language;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// What cannot be rehearsed is put out of a script, and in its place comes what ends the run when it is reached: a branch
/// that is never taken does no harm. The script that is left is read anew, by the same rules.
/// </summary>
internal static class LateRefusal
{
    /// <summary>Puts a refused part out of the text; false where that cannot be done.</summary>
    public static bool TryDefer(Ast refused, string construct, TextEdits edits)
    {
        if (PlaceOf(refused) is not { } place)
        {
            return false;
        }
        var denial = $"Deny-SimulatedConstruct {refused.Extent.StartLineNumber} {PowerShellText.Quote(construct)}";
        edits.ReplaceWhole(place.Extent.StartOffset, place.Extent.EndOffset, place is ScriptBlockAst ? $"{{ {denial} }}" : $"$({denial})");
        return true;
    }

    // The smallest part around it that can give way: an expression that is only read, a statement, the body of a function.
    private static Ast? PlaceOf(Ast refused)
    {
        for (var at = refused; at is not null; at = at.Parent)
        {
            if (at is FunctionDefinitionAst or TypeDefinitionAst && at == refused)
            {
                return at;
            }
            if (at is ScriptBlockAst { Parent: FunctionDefinitionAst } && refused != at && IsOfParameters(refused, at))
            {
                return at;
            }
            if (at is ExpressionAst expression && IsOnlyRead(expression))
            {
                return at;
            }
            if (at is PipelineBaseAst or StatementAst { Parent: StatementBlockAst or NamedBlockAst })
            {
                return at.Parent is AssignmentStatementAst ? at.Parent : at;
            }
        }
        return null;
    }

    private static bool IsOfParameters(Ast refused, Ast body)
    {
        var at = refused;
        while (at is not (null or ParamBlockAst) && at != body)
        {
            at = at.Parent;
        }
        return at is ParamBlockAst;
    }

    private static bool IsOnlyRead(ExpressionAst expression) => expression.Parent switch
    {
        MemberExpressionAst member => member.Expression != expression && member.Member != expression,
        TypeExpressionAst or AttributeBaseAst or NamedAttributeArgumentAst or ParameterAst => false,
        AssignmentStatementAst assignment => assignment.Left != expression,
        UnaryExpressionAst unary => unary.TokenKind is not (TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus),
        IndexExpressionAst index => index.Index == expression,
        BinaryExpressionAst { Operator: TokenKind.Is or TokenKind.IsNot or TokenKind.As } comparison => comparison.Left == expression,
        ConvertExpressionAst or AttributedExpressionAst or ForEachStatementAst or UsingExpressionAst or FileRedirectionAst => false,
        ArrayLiteralAst { Parent: AssignmentStatementAst left } list => left.Left != list,
        CommandAst command => command.CommandElements[0] != expression,
        CommandExpressionAst whole => whole.Redirections.Count == 0,
        _ => expression is not TypeExpressionAst and not ScriptBlockExpressionAst,
    };
}
