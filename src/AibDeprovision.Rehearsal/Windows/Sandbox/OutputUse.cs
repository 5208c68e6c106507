using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What becomes of the output of a statement that is being run.</summary>
internal static class OutputUse
{
    /// <summary>Whether a statement keeps the output of the command in it, or hands it on, and does not leave it to the host.</summary>
    /// <param name="statement">The statement as it stands in the script.</param>
    public static bool IsOf(string statement) => Parsed(statement) is { } parsed && (IsOfLast(parsed) || parsed is
        // What a block in the last command writes is what that command writes.
        PipelineAst { PipelineElements: { Count: > 1 } commands } && commands[commands.Count - 1].Find(ast => ast is ScriptBlockExpressionAst, searchNestedScriptBlocks: false) is null);

    /// <summary>Whether a statement keeps the output of the last command in it, or hands it on, and does not leave it to the host.</summary>
    /// <param name="statement">The statement as it stands in the script.</param>
    public static bool IsOfLast(string statement) => Parsed(statement) is { } parsed && IsOfLast(parsed);

    private static StatementAst? Parsed(string statement)
    {
        // Parsing a statement that loads something would load it.
        var ast = ParserTraps.In(statement) is null ? Parser.ParseInput(statement, out _, out var errors) is var read && errors.Length == 0 ? read : null : null;
        return ast?.EndBlock?.Statements is { Count: 1 } statements ? statements[0] : null;
    }

    private static bool IsOfLast(StatementAst statement) => statement switch
    {
        AssignmentStatementAst => true,
        PipelineAst { PipelineElements: { Count: > 0 } commands } => commands[commands.Count - 1] switch
        {
            CommandAst command => command.Redirections.Any(r => r.FromStream is RedirectionStream.Output or RedirectionStream.All),
            // Part of an expression: $(...), (...), a condition.
            _ => true,
        },
        _ => false,
    };
}
