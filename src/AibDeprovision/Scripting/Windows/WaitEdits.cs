using System.Management.Automation.Language;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Scripting.Windows;

/// <summary>What makes a wait end, and what makes it a wait only where there is something to wait for.</summary>
internal static class WaitEdits
{
    /// <summary>Gives a loop a limit: the script fails in words and with exit code 1 when it is over.</summary>
    public static IReadOnlyList<ScriptEdit> Bound(WindowsScript script, WaitLoop wait, TimeSpan limit)
    {
        var name = NewName(script);
        var what = wait.IsForImageState ? NotSealed(limit)
            : $"Not running after {new Duration(limit)}: {(wait.Services.Contains("*") ? "a service" : string.Join(", ", wait.Services))}.";
        return StatementPlace.Before(script, wait.Loop, Start(name)) is { } before
            ? [before, StatementPlace.First(script, wait.Loop.Body, Check(name, limit, what))] : [];
    }

    /// <summary>Puts a wait for the seal, with a limit, after a call of Sysprep.</summary>
    public static IReadOnlyList<ScriptEdit> WaitForSeal(WindowsScript script, Ast call)
    {
        var (name, limit) = (NewName(script), new DeprovisionPlan().SysprepTimeout);
        var text = $"{Start(name)}; while ((Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State).ImageState -ne '{ImageStates.GeneralizedToOobe}') {{ {Check(name, limit, NotSealed(limit))}; Start-Sleep -Seconds 5 }}";
        return StatementPlace.After(script, call, text) is { } edit ? [edit] : [];
    }

    // Not by the time of day: the clock of a young VM jumps when it is first set.
    private static string Start(string name) => $"{name} = [Diagnostics.Stopwatch]::StartNew()";

    private static string Check(string name, TimeSpan limit, string what) => $"if ({name}.Elapsed.TotalSeconds -gt {PowerShellText.Quote(limit)}) {{ Write-Host {PowerShellText.Quote(what)}; exit 1 }}";

    private static string NotSealed(TimeSpan limit) => $"The image is not sealed after {new Duration(limit)}: look at setuperr.log of Sysprep.";

    /// <summary>Lets a loop wait only where its service is installed; nothing where it asks about other services too.</summary>
    public static IReadOnlyList<ScriptEdit> Guard(WaitLoop wait, string service) =>
        wait.Services is [var only] && only.Equals(service, StringComparison.OrdinalIgnoreCase) && wait.Loop.Parent is StatementBlockAst or NamedBlockAst
            ? [ScriptEdit.In(wait.Loop.Extent.StartOffset, $"if (Get-Service -Name {PowerShellText.Quote(service)} -ErrorAction SilentlyContinue) {{ "), ScriptEdit.In(wait.Loop.Extent.EndOffset, " }")]
            : [];

    /// <summary>Whether a loop is certainly no wait where a service is not installed.</summary>
    public static bool IsGuarded(WindowsScript script, WaitLoop wait, string service) =>
        wait.Loop.Around().Any(at => at is IfStatementAst branch && branch.Clauses.Any(clause => wait.Loop.IsPartOf(clause.Item2) && AsksFor(script, clause.Item1, service))
            || at is ForEachStatementAst each && AsksFor(script, each.Condition, service))
        || wait.Loop.Condition is { } condition && condition.Find(a => a is BinaryExpressionAst { Operator: TokenKind.And } both && both.Left.Find(inner => inner is BinaryExpressionAst, searchNestedScriptBlocks: false) is null && AsksFor(script, both.Left, service), searchNestedScriptBlocks: false) is not null;

    // By itself: a comparison in it would be another question.
    private static bool AsksFor(WindowsScript script, Ast ast, string service) =>
        ast.Find(a => a is BinaryExpressionAst or UnaryExpressionAst, searchNestedScriptBlocks: false) is null
        && (script.Commands.Any(c => c.Is("Get-Service") && c.Ast.IsPartOf(ast) && script.ServicesOf(c).Contains(service, StringComparer.OrdinalIgnoreCase))
            || ast.Find(a => a is VariableExpressionAst variable && script.ServiceVariables.TryGetValue(variable.VariablePath.UserPath, out var names) && names.Contains(service, StringComparer.OrdinalIgnoreCase), searchNestedScriptBlocks: false) is not null);

    private static string NewName(WindowsScript script)
    {
        for (var n = 1; ; n++)
        {
            if (script.Text.IndexOf($"waited{n}", StringComparison.OrdinalIgnoreCase) < 0)
            {
                return $"$waited{n}";
            }
        }
    }
}
