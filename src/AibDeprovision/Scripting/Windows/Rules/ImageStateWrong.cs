using System.Management.Automation.Language;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A state that Windows does not have, or a wait for another than the sealed one.</summary>
internal sealed class ImageStateWrong() : WindowsScriptRule(WindowsScriptRules.ImageStateWrong)
{
    private const string Prefix = "IMAGE_STATE_";
    private const string Sealed = "IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE";

    private static readonly HashSet<string> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        Sealed, "IMAGE_STATE_COMPLETE", "IMAGE_STATE_UNDEPLOYABLE", "IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT", "IMAGE_STATE_SPECIALIZE_RESEAL_TO_OOBE", "IMAGE_STATE_SPECIALIZE_RESEAL_TO_AUDIT",
    };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) => Wrong(script).Select(wrong => At(wrong.Side, ("found", wrong.Text)));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) => Wrong(script).Select(wrong => new ScriptMend(wrong.Side.Extent.StartLineNumber,
        wrong.Side is StringConstantExpressionAst text ? [new ScriptEdit(text.Extent.StartOffset, text.Extent.EndOffset, $"'{Sealed}'")] : []));

    private static IEnumerable<(Ast Side, string Text)> Wrong(WindowsScript script)
    {
        var compared = script.Nodes.OfType<BinaryExpressionAst>().Where(b => b.Operator is TokenKind.Ieq or TokenKind.Ine or TokenKind.Ceq or TokenKind.Cne).SelectMany(b => new[] { b.Left, b.Right })
            .Select(side => (Side: side, Text: script.Constants.Of(side))).Where(c => c.Text?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true).ToList();
        foreach (var (side, text) in compared.Where(c => !s_known.Contains(c.Text!)))
        {
            yield return (side, text!);
        }
        foreach (var loop in script.Loops.Where(loop => loop.IsForImageState && loop.IsEndless))
        {
            var inLoop = compared.Where(c => c.Side.IsPartOf(loop.Loop)).ToList();
            if (inLoop.Count > 0 && inLoop.TrueForAll(c => s_known.Contains(c.Text!) && !c.Text!.Equals(Sealed, StringComparison.OrdinalIgnoreCase) && !c.Text.Equals("IMAGE_STATE_UNDEPLOYABLE", StringComparison.OrdinalIgnoreCase)))
            {
                yield return (inLoop[0].Side, inLoop[0].Text!);
            }
        }
    }
}
