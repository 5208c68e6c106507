using System.Management.Automation.Language;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>No wait at the call, and none after it.</summary>
internal sealed class SysprepNotWatched() : WindowsScriptRule(WindowsScriptRules.SysprepNotWatched)
{
    // What the callers of a function do afterwards is theirs.
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        Broken(script).Select(call => At(call.Ast));

    /// <inheritdoc/>
    public override bool HasSubject(WindowsScript script) => script.SysprepCalls.Count > 0;

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) => Broken(script).Select(call => new ScriptMend(call.Ast.Extent.StartLineNumber, WaitEdits.WaitForSeal(script, call.Ast)));

    /// <summary>The calls that nothing waits for.</summary>
    public static IEnumerable<SysprepCall> Broken(WindowsScript script) =>
        script.SysprepCalls.Where(call => !call.IsWaitedFor && !WaitsAfter(script, call.Ast) && !call.Ast.Around().Any(at => at is FunctionDefinitionAst));

    private static bool WaitsAfter(WindowsScript script, Ast call) =>
        script.Loops.Any(loop => loop.Loop.Extent.EndOffset > call.Extent.EndOffset)
        || script.Commands.Any(command => command.Ast.IsAfter(call) && (command.Is("Wait-Process", "Wait-Job", "Receive-Job") || script.Functions.Contains(command.Name)))
        || script.Nodes.Any(a => a is MemberExpressionAst { Member: StringConstantExpressionAst member } && a.IsAfter(call)
            && (member.Value.Equals("WaitForExit", StringComparison.OrdinalIgnoreCase) || member.Value.Equals("HasExited", StringComparison.OrdinalIgnoreCase)));
}
