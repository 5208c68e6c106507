using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Syntax that the engine of the rehearsal may know and Windows PowerShell 5.1 on the VM does not: there the script does not run at all.</summary>
internal static class NewerSyntax
{
    private static readonly Dictionary<string, string> Tokens = new(StringComparer.Ordinal)
    {
        ["AndAnd"] = "&&",
        ["OrOr"] = "||",
        ["QuestionMark"] = "the operator ?:",
        ["QuestionQuestion"] = "??",
        ["QuestionQuestionEquals"] = "??=",
        ["QuestionDot"] = "?.",
        ["QuestionLBracket"] = "?[",
    };

    /// <summary>The first of it as a sentence with its line; null when there is none.</summary>
    public static string? In(Ast ast, IEnumerable<Token> tokens) =>
        First(ast, tokens) is { } found ? $"line {found.Place.StartLineNumber}: Windows PowerShell 5.1 does not know {found.What}" : null;

    /// <summary>The first of it, and where it stands; null when there is none.</summary>
    public static (string What, IScriptExtent Place)? First(Ast ast, IEnumerable<Token> tokens)
    {
        var calls = new HashSet<int>(ast.FindAll(a => a is CommandAst { InvocationOperator: TokenKind.Ampersand }, searchNestedScriptBlocks: true).Select(a => a.Extent.StartOffset));
        foreach (var token in tokens.SelectMany(WithNested))
        {
            if (Tokens.TryGetValue(token.Kind.ToString(), out var name))
            {
                return (name, token.Extent);
            }
            // An ampersand that calls nothing sends the pipeline into the background.
            if (token.Kind == TokenKind.Ampersand && !calls.Contains(token.Extent.StartOffset))
            {
                return ("& at the end of a command", token.Extent);
            }
        }
        return null;
    }

    private static IEnumerable<Token> WithNested(Token token) =>
        token is StringExpandableToken { NestedTokens: { } nested } ? nested.SelectMany(WithNested).Prepend(token) : [token];
}
