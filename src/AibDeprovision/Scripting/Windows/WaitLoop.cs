using System.Management.Automation.Language;

namespace AibDeprovision.Scripting.Windows;

/// <summary>A loop in which a script waits for services or for the image state.</summary>
internal sealed class WaitLoop
{
    private static readonly TokenKind[] s_counting =
    [
        TokenKind.PlusPlus, TokenKind.MinusMinus, TokenKind.PostfixPlusPlus, TokenKind.PostfixMinusMinus, TokenKind.PlusEquals, TokenKind.MinusEquals,
        TokenKind.Ilt, TokenKind.Igt, TokenKind.Ile, TokenKind.Ige, TokenKind.Clt, TokenKind.Cgt, TokenKind.Cle, TokenKind.Cge,
    ];

    private readonly WindowsScript _script;

    /// <param name="loop">The loop: while, do or for.</param>
    /// <param name="script">Its script.</param>
    public WaitLoop(LoopStatementAst loop, WindowsScript script)
    {
        Loop = loop;
        _script = script;
        Services = [.. ServicesIn(loop).Distinct(StringComparer.OrdinalIgnoreCase)];
        IsForImageState = MentionsImageState(loop);
        IsEndless = (Services.Count > 0 || IsForImageState) && !HasBound() && ExitsDependOnSubject();
    }

    /// <summary>The loop in the syntax tree.</summary>
    public LoopStatementAst Loop { get; }

    /// <summary>The services that it asks about; '*' stands for one that is not known.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>Whether it asks about the image state.</summary>
    public bool IsForImageState { get; }

    /// <summary>Whether nothing ends it but what it waits for.</summary>
    public bool IsEndless { get; }

    /// <summary>Whether what it waits for can be missing without ending it: its condition holds for a service that is not there.</summary>
    public bool HoldsForAbsent
    {
        get
        {
            var comparisons = (Loop.Condition?.FindAll(a => a is BinaryExpressionAst, searchNestedScriptBlocks: true) ?? []).Cast<BinaryExpressionAst>().ToList();
            var isRunning = comparisons.Any(c => _script.Constants.Of(c.Right) is { } text && text.Equals("Running", StringComparison.OrdinalIgnoreCase)
                && c.Operator == (Loop is DoUntilStatementAst ? TokenKind.Ieq : TokenKind.Ine));
            return isRunning && !comparisons.Exists(c => c.Operator is TokenKind.And or TokenKind.Or) && !IsGuarded();
        }
    }

    // Asked about before, of a pipeline or list of services, or in a function, of which it is not known what it is called for.
    private bool IsGuarded() => Loop.Around().Any(at => at is IfStatementAst or ForEachStatementAst or TryStatementAst or TrapStatementAst or ScriptBlockExpressionAst or FunctionDefinitionAst);

    private bool HasBound() =>
        _script.Tokens.Any(token => token.Extent.StartOffset >= Loop.Extent.StartOffset && token.Extent.EndOffset <= Loop.Extent.EndOffset
            && (Array.IndexOf(s_counting, token.Kind) >= 0
                || (token.Kind is TokenKind.Identifier or TokenKind.Generic && token.Text.IndexOf("elapsed", StringComparison.OrdinalIgnoreCase) >= 0)))
        || _script.Commands.Any(command => command.Ast.IsPartOf(Loop) && command.Is("Get-Date"))
        || Loop.Find(a => a is TypeExpressionAst { TypeName: var type } && type.Name.IndexOf("DateTime", StringComparison.OrdinalIgnoreCase) >= 0, searchNestedScriptBlocks: true) is not null
        // A function of the script's own may end it, by a throw or an exit.
        || _script.Commands.Any(command => command.Ast.IsPartOf(Loop) && _script.Functions.Contains(command.Name));

    private bool ExitsDependOnSubject()
    {
        if (Loop.Condition is { } condition && !IsAboutSubject(condition) && !IsConstant(condition))
        {
            return false;
        }
        // Any way out that depends on something else may be a limit.
        return Loop.Body.FindAll(a => a is BreakStatementAst or ReturnStatementAst or ExitStatementAst or ThrowStatementAst, searchNestedScriptBlocks: false).All(exit =>
        {
            var decides = exit.Around().TakeWhile(at => at != Loop).FirstOrDefault(at => at is IfStatementAst or CatchClauseAst or SwitchStatementAst);
            return decides is IfStatementAst branch ? branch.Clauses.Any(clause => IsAboutSubject(clause.Item1) && (exit.IsPartOf(clause.Item2) || branch.ElseClause is { } other && exit.IsPartOf(other)))
                : decides is SwitchStatementAst @switch && IsAboutSubject(@switch.Condition);
        });
    }

    private static bool IsConstant(Ast condition) => condition.Extent.Text.Trim().TrimStart('(').TrimEnd(')') is { } text
        && (text.Equals("$true", StringComparison.OrdinalIgnoreCase) || text == "1");

    private bool IsAboutSubject(Ast ast) => MentionsImageState(ast) || ServicesIn(ast).Any();

    private bool MentionsImageState(Ast ast) =>
        ast.Find(a => a is StringConstantExpressionAst text && text.Value.IndexOf("ImageState", StringComparison.OrdinalIgnoreCase) >= 0
            || a is VariableExpressionAst variable && _script.ImageStateVariables.Contains(variable.VariablePath.UserPath), searchNestedScriptBlocks: true) is not null;

    private IEnumerable<string> ServicesIn(Ast ast)
    {
        foreach (var command in _script.Commands.Where(c => c.Is("Get-Service") && c.Ast.IsPartOf(ast)))
        {
            foreach (var name in _script.ServicesOf(command))
            {
                yield return name;
            }
        }
        foreach (var variable in ast.FindAll(a => a is VariableExpressionAst, searchNestedScriptBlocks: true).Cast<VariableExpressionAst>())
        {
            if (_script.ServiceVariables.TryGetValue(variable.VariablePath.UserPath, out var names))
            {
                foreach (var name in names)
                {
                    yield return name;
                }
            }
        }
    }
}
