using System.Management.Automation.Language;

namespace AibDeprovision.Scripting.Windows;

/// <summary>Puts statements into a script, on lines of their own where the script has lines, indented as what stands beside them.</summary>
internal static class StatementPlace
{
    /// <summary>A statement before another; the one that a block holds, where the other is a part of it.</summary>
    public static ScriptEdit? Before(WindowsScript script, Ast ast, string text) => Whole(ast) is { } statement ? ScriptEdit.In(statement.Extent.StartOffset, text + Separator(script, statement.Extent.StartOffset)) : null;

    /// <summary>A statement after another.</summary>
    public static ScriptEdit? After(WindowsScript script, Ast ast, string text)
    {
        if (Whole(ast) is not { } statement)
        {
            return null;
        }
        var separator = Separator(script, statement.Extent.StartOffset);
        return ScriptEdit.In(statement.Extent.EndOffset, separator + text);
    }

    /// <summary>A statement as the first of a block.</summary>
    public static ScriptEdit First(WindowsScript script, StatementBlockAst block, string text) => block.Statements.Count == 0 ? ScriptEdit.In(block.Extent.StartOffset + 1, $" {text} ")
        : ScriptEdit.In(block.Statements[0].Extent.StartOffset, text + Separator(script, block.Statements[0].Extent.StartOffset));

    /// <summary>The statement of a block, or of the script itself, that something is or is a part of; null where there is none.</summary>
    public static StatementAst? Whole(Ast ast)
    {
        for (var at = ast; at is not null; at = at.Parent)
        {
            if (at is StatementAst statement && at.Parent is StatementBlockAst or NamedBlockAst)
            {
                return statement;
            }
        }
        return null;
    }

    // A line of its own where the statement begins one.
    private static string Separator(WindowsScript script, int start)
    {
        var line = script.Text.LastIndexOf('\n', Math.Max(0, start - 1), Math.Max(0, start)) + 1;
        var indent = script.Text.Substring(line, start - line);
        return string.IsNullOrWhiteSpace(indent) ? LineEndOf(script.Text) + indent : "; ";
    }

    private static string LineEndOf(string text) => text.IndexOf('\n') is > 0 and var at && text[at - 1] == '\r' || text.IndexOf('\n') < 0 ? "\r\n" : "\n";
}
