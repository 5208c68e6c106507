using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What becomes of the output of a statement that is being run.</summary>
internal static class OutputUse
{
    /// <summary>Whether a statement keeps the output of the command in it, or hands it on, and does not leave it to the host.</summary>
    /// <param name="statement">The statement as it stands in the script.</param>
    public static bool IsOf(string statement)
    {
        var parsed = Parser.ParseInput(statement, out _, out var errors).EndBlock?.Statements;
        return errors.Length == 0 && parsed is { Count: 1 } && parsed[0] switch
        {
            AssignmentStatementAst => true,
            // What a block in the last command writes is what that command writes.
            PipelineAst { PipelineElements: { Count: > 1 } commands } => commands[commands.Count - 1].Find(ast => ast is ScriptBlockExpressionAst, searchNestedScriptBlocks: false) is null,
            PipelineAst { PipelineElements: [CommandAst command] } => command.Redirections.Any(r => r.FromStream is RedirectionStream.Output or RedirectionStream.All),
            // Part of an expression: $(...), (...), a condition.
            PipelineAst { PipelineElements: [CommandExpressionAst] } => true,
            _ => false,
        };
    }
}
