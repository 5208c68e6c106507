using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What becomes of the output of a statement that is being run.</summary>
internal static class OutputUse
{
    /// <summary>Whether a script keeps the output of a place in it, or hands it on, and does not leave it to the host.</summary>
    /// <param name="at">The place; false where it is not known.</param>
    /// <param name="isCaller">Whether the output comes from a function or block that is called there, and not from the last command itself.</param>
    public static bool IsTaken(IScriptExtent? at, bool isCaller) =>
        at?.StartScriptPosition?.GetFullScript() is { } script && IsTaken(script, at.StartOffset, at.EndOffset, isCaller);

    private static bool IsTaken(string script, int start, int end, bool isCaller)
    {
        // Parsing a statement that loads something would load it; and the host's stack is not for a giant.
        if (ParserTraps.In(script) is not null || ScriptSize.ExcessOf(script) is not null)
        {
            return false;
        }
        var ast = Parser.ParseInput(script, out _, out var errors);
        var place = errors.Length > 0 ? null : ast.FindAll(node => node.Extent.StartOffset <= start && node.Extent.EndOffset >= end, searchNestedScriptBlocks: true)
            .Where(node => node is StatementAst or ExpressionAst).LastOrDefault();
        for (var at = place; at is not (null or ScriptBlockAst); at = at.Parent)
        {
            if (at is AssignmentStatementAst or ParenExpressionAst or ArrayExpressionAst or SubExpressionAst
                || (at is PipelineBaseAst && at.Parent is IfStatementAst or LoopStatementAst or SwitchStatementAst)
                || (at is PipelineAst pipeline && IsTaken(pipeline, isCaller)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsTaken(PipelineAst pipeline, bool isCaller)
    {
        var last = pipeline.PipelineElements[pipeline.PipelineElements.Count - 1];
        // What a block in the last command writes is what that command writes.
        return last.Redirections.Any(r => r.FromStream is RedirectionStream.Output or RedirectionStream.All)
            || (isCaller && pipeline.PipelineElements.Count > 1 && last.Find(ast => ast is ScriptBlockExpressionAst, searchNestedScriptBlocks: false) is null);
    }
}
