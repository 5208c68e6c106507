using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Where a script is, and what it waits for there, in its own words.</summary>
internal static class WaitingPlace
{
    private const int LongestCondition = 120;

    /// <summary>The line of the script that is being run; 0 where none is known.</summary>
    public static int LineOf(ScriptRun run) => FramesOf(run).Select(frame => frame.ScriptLineNumber).FirstOrDefault();

    /// <summary>Which line waits for what, and what the machine was missing.</summary>
    /// <param name="run">The run that waits.</param>
    /// <param name="what">What a command waits for; null for a loop that goes round.</param>
    public static string Describe(ScriptRun run, string? what)
    {
        var (line, condition) = what is null ? LoopOf(run) : (LineOf(run), null);
        var place = line == 0 ? "it" : $"line {line}";
        var waits = what is not null ? $"{place} waits without a limit for {what}, which never comes"
            : condition is not null ? $"{place} waits {condition}"
            : $"{place} was still at work at the build's time limit";
        return string.Join("; ", run.Looks.Describe(run.Vm).Concat(run.Vm.Sysprep.Fate is { } fate ? [fate] : []).Distinct().Prepend(waits));
    }

    // Only frames of the script itself: what stands for a program is a block too, and so is a text that it has made.
    private static IEnumerable<CallStackFrame> FramesOf(ScriptRun run) =>
        (run.StackOf?.Invoke() ?? []).Where(frame => frame.Position?.StartScriptPosition?.GetFullScript() == run.Text);

    private static (int Line, string? Condition) LoopOf(ScriptRun run)
    {
        var loops = LoopsOf(run.Text);
        // What runs is written in another way here and there; its loops are those of the script.
        var written = LoopsOf(run.Original) is var original && original.Count == loops.Count ? original : loops;
        var frames = FramesOf(run).ToList();
        foreach (var frame in frames)
        {
            var at = frame.Position.StartOffset;
            var number = Enumerable.Range(0, loops.Count).Where(n => loops[n].Extent.StartOffset <= at && at < loops[n].Extent.EndOffset)
                .OrderBy(n => loops[n].Extent.EndOffset - loops[n].Extent.StartOffset).Append(-1).First();
            if (number >= 0)
            {
                return (written[number].Extent.StartLineNumber, ConditionOf(written[number]));
            }
        }
        return (frames.Select(frame => frame.ScriptLineNumber).FirstOrDefault(), null);
    }

    private static List<LoopStatementAst> LoopsOf(string text) =>
        [.. Parser.ParseInput(text, out _, out _).FindAll(node => node is LoopStatementAst, searchNestedScriptBlocks: true).Cast<LoopStatementAst>()];

    private static string? ConditionOf(LoopStatementAst loop)
    {
        var (word, condition) = loop switch
        {
            DoUntilStatementAst until => ("until", until.Condition),
            LabeledStatementAst labeled => ("while", labeled.Condition),
            _ => ("", null),
        };
        if (condition is not null && !(word == "while" && IsAlwaysTrue(condition)))
        {
            return $"{word} ({TextOf(condition)})";
        }
        // A loop without an end of its own ends where something in it leaves it.
        var branches = loop.Body.FindAll(node => node is IfStatementAst, searchNestedScriptBlocks: false).Cast<IfStatementAst>().ToList();
        var exits = branches.SelectMany(branch => branch.Clauses).Where(clause => Leaves(clause.Item2)).Select(clause => TextOf(clause.Item1)).ToList();
        var stays = branches.Where(branch => branch.ElseClause is { } otherwise && Leaves(otherwise)).Select(branch => TextOf(branch.Clauses[branch.Clauses.Count - 1].Item1)).ToList();
        return exits.Count > 0 ? $"until ({string.Join(") or (", exits)})"
            : stays.Count > 0 ? $"while ({string.Join(") or (", stays)})"
            : "for ever: nothing ends its loop";
    }

    private static bool Leaves(StatementBlockAst block) =>
        block.Statements.Any(statement => statement is BreakStatementAst or ReturnStatementAst or ExitStatementAst or ThrowStatementAst);

    private static bool IsAlwaysTrue(Ast condition) => condition.Extent.Text.Trim() is "1" or "$true" or "$True" or "$TRUE";

    private static string TextOf(Ast condition)
    {
        var text = Regex.Replace(ScriptGate.Unmask(condition.Extent.Text), @"\s+", " ", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return text.Length > LongestCondition ? text.Substring(0, LongestCondition) + "..." : text;
    }
}
