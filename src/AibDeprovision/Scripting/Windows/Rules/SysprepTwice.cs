using System.Management.Automation.Language;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Two calls that can both run, or one in a loop.</summary>
internal sealed class SysprepTwice() : WindowsScriptRule(WindowsScriptRules.SysprepTwice)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script)
    {
        for (var i = 0; i < script.SysprepCalls.Count; i++)
        {
            var call = script.SysprepCalls[i].Ast;
            if (script.SysprepCalls.Take(i).Any(earlier => !Exclude(earlier.Ast, call)) || LoopOf(call) is { } loop && !LeavesAtOnce(call, loop))
            {
                yield return At(call);
            }
        }
    }

    // In different branches of one statement.
    private static bool Exclude(Ast one, Ast other) => one.Around().Any(at => at is IfStatementAst or TryStatementAst or SwitchStatementAst
        && Branch(at, one) is { } first && Branch(at, other) is { } second && first != second);

    private static Ast? Branch(Ast statement, Ast inside) => inside.Around().Prepend(inside).FirstOrDefault(at => at.Parent == statement);

    private static Ast? LoopOf(Ast call) => call.Around().TakeWhile(at => at is not FunctionDefinitionAst).FirstOrDefault(at => at is LoopStatementAst);

    private static bool LeavesAtOnce(Ast call, Ast loop) =>
        loop.Find(a => a is BreakStatementAst or ReturnStatementAst or ExitStatementAst or ThrowStatementAst
            && a.IsAfter(call) && !a.Around().TakeWhile(at => at != loop).Any(at => at is IfStatementAst or CatchClauseAst), searchNestedScriptBlocks: false) is not null;
}
