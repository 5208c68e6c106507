using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace AibDeprovision.Scripting.Windows;

/// <summary>The words of a call of Sysprep where they stand in the script: at the call itself, in a string, an array, a variable or a table.</summary>
internal sealed class SysprepWords
{
    private const int MostSteps = 8;
    private static readonly string[] s_anchors = ["quit", "quiet", "generalize", "oobe", "mode", "shutdown", "reboot", "audit"];

    private readonly List<Ast> _pieces = [];
    private readonly SysprepCall _call;
    private readonly ConstantText _constants;

    /// <param name="call">The call.</param>
    /// <param name="constants">The known texts of its script.</param>
    public SysprepWords(SysprepCall call, ConstantText constants)
    {
        _call = call;
        _constants = constants;
        if (call.Ast is CommandAst command)
        {
            foreach (var element in command.CommandElements.Skip(1))
            {
                Collect(element, MostSteps);
            }
        }
    }

    /// <summary>The edits that give it a switch; none where the place for it is not certain.</summary>
    public IReadOnlyList<ScriptEdit> Add(string word)
    {
        foreach (var name in s_anchors)
        {
            if (Find(name) is not { Count: > 0 } found)
            {
                continue;
            }
            var (piece, match) = found[found.Count - 1];
            var at = piece.Extent.StartOffset + match.Index + match.Length;
            return IsWhole(piece, match) && piece.Parent is not CommandAst ? [ScriptEdit.In(piece.Extent.EndOffset, $", '{word}'")]
                : IsWhole(piece, match) && IsQuoted(piece) && !IsArgumentOfSysprep(piece) ? [ScriptEdit.In(at, " " + word)]
                : [ScriptEdit.In(IsWhole(piece, match) ? piece.Extent.EndOffset : at, " " + word)];
        }
        // Nothing at all is given to it.
        return _call.Words.Count == 0 && _call.Ast is CommandAst { CommandElements: [var program] } && _call.IsComplete && SysprepCall.IsSysprep(_constants.Of(program) ?? "") ? [ScriptEdit.In(program.Extent.EndOffset, " " + word)] : [];
    }

    /// <summary>The edits that put another switch in the place of one.</summary>
    public IReadOnlyList<ScriptEdit> Replace(string name, string word) => Find(name) is [var (piece, match)]
        ? [new ScriptEdit(piece.Extent.StartOffset + match.Index, piece.Extent.StartOffset + match.Index + match.Length, word)] : [];

    /// <summary>The edits that take a switch out.</summary>
    public IReadOnlyList<ScriptEdit> Remove(string name) => Find(name) is [var (piece, match)] ? Cut(piece, match) : [];

    private IReadOnlyList<ScriptEdit> Cut(Ast piece, Match match)
    {
        var extent = piece.Extent;
        if (!IsWhole(piece, match))
        {
            var (start, end) = (match.Index, match.Index + match.Length);
            while (start > 0 && extent.Text[start - 1] is ' ' or '\t')
            {
                start--;
            }
            return [new ScriptEdit(extent.StartOffset + start, extent.StartOffset + end, "")];
        }
        if (piece.Parent is ArrayLiteralAst { Elements: { Count: > 1 } elements })
        {
            var at = elements.IndexOf((ExpressionAst)piece);
            return at > 0 ? [new ScriptEdit(elements[at - 1].Extent.EndOffset, extent.EndOffset, "")] : [new ScriptEdit(extent.StartOffset, elements[1].Extent.StartOffset, "")];
        }
        // What is given to Start-Process and others by itself is the whole of an argument.
        if (piece.Parent is CommandAst command && IsArgumentOfSysprep(piece))
        {
            var at = command.CommandElements.IndexOf((CommandElementAst)piece);
            return [new ScriptEdit(command.CommandElements[at - 1].Extent.EndOffset, extent.EndOffset, "")];
        }
        return [];
    }

    // From the last to the first where a word stands more than once, it is not known which one counts.
    private List<(Ast Piece, Match Match)> Find(string name)
    {
        var word = new Regex($@"(?<![^\s""'`,;(])[/-]{name}(:[^\s""'`,;)]*)?(?![\w:])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return [.. _pieces.SelectMany(piece => word.Matches(piece.Extent.Text).Cast<Match>().Select(match => (piece, match)))];
    }

    private void Collect(Ast ast, int steps)
    {
        foreach (var part in ast.FindAll(a => a is StringConstantExpressionAst or ExpandableStringExpressionAst or CommandParameterAst or VariableExpressionAst, searchNestedScriptBlocks: false))
        {
            if (part is VariableExpressionAst variable)
            {
                if (steps > 0 && variable.Parent is not ExpandableStringExpressionAst && _constants.ValueOf(variable) is { } value)
                {
                    Collect(value, steps - 1);
                }
            }
            else if (!_pieces.Contains(part))
            {
                _pieces.Add(part);
            }
        }
    }

    private bool IsArgumentOfSysprep(Ast piece) => piece.Parent is CommandAst command && SysprepCall.IsSysprep(_constants.Of(command.CommandElements[0]) ?? "");

    private static bool IsQuoted(Ast piece) => piece.Extent.Text[0] is '"' or '\'' or '@';

    private static bool IsWhole(Ast piece, Match match) => piece.Extent.Text.Trim('"', '\'').Length == match.Length;
}
