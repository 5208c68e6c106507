using System.Management.Automation.Language;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Scripting.Windows;

/// <summary>A script for Windows as its rules look at it: the syntax tree, and what is read off it once. Nothing of it is run.</summary>
internal sealed class WindowsScript
{
    private readonly string _words;

    private WindowsScript(string text, ScriptBlockAst ast, Token[] tokens, ParseError[] errors)
    {
        Text = text;
        Ast = ast;
        Tokens = tokens;
        Errors = errors;
        Nodes = [.. ast.FindAll(_ => true, searchNestedScriptBlocks: true)];
        Assignments = [.. Nodes.OfType<AssignmentStatementAst>()];
        Constants = new ConstantText(Assignments, Nodes.OfType<ForEachStatementAst>());
        Functions = new HashSet<string>(Nodes.OfType<FunctionDefinitionAst>().Select(f => f.Name), StringComparer.OrdinalIgnoreCase);
        Commands = [.. Nodes.OfType<CommandAst>().Select(command => new ScriptCommand(command, Constants)).OrderBy(command => command.Ast.Extent.StartOffset)];
        Texts = [.. Nodes.OfType<ExpressionAst>().Where(e => e is StringConstantExpressionAst or ExpandableStringExpressionAst)
            .Select(e => (e, Constants.Of(e) ?? (e as ExpandableStringExpressionAst)?.Value ?? ""))];
        SysprepCalls = [.. Commands.Select(command => SysprepCall.From(command, Constants)).OfType<SysprepCall>()];
        ImageStateVariables = new HashSet<string>(Assignments.Where(a => Mentions(a.Right, "ImageState")).Select(a => a.Left).OfType<VariableExpressionAst>().Select(v => v.VariablePath.UserPath), StringComparer.OrdinalIgnoreCase);
        ServiceVariables = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var assignment in Assignments)
        {
            var names = Commands.Where(c => c.Is("Get-Service") && c.Ast.IsPartOf(assignment.Right)).SelectMany(ServicesOf).ToList();
            if (names.Count > 0 && assignment.Left is VariableExpressionAst variable)
            {
                ServiceVariables[variable.VariablePath.UserPath] = names;
            }
        }
        _words = string.Join("\n", Texts.Select(t => t.Ast is StringConstantExpressionAst constant ? constant.Value : ((ExpandableStringExpressionAst)t.Ast).Value));
        Loops = [.. Nodes.OfType<LoopStatementAst>().Where(loop => loop is not ForEachStatementAst).Select(loop => new WaitLoop(loop, this))];
    }

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>Its syntax tree; of a text with errors, of what could be read.</summary>
    public ScriptBlockAst Ast { get; }

    /// <summary>All nodes of it.</summary>
    public IReadOnlyList<Ast> Nodes { get; }

    /// <summary>Its tokens.</summary>
    public Token[] Tokens { get; }

    /// <summary>Its syntax errors.</summary>
    public ParseError[] Errors { get; }

    /// <summary>Its assignments.</summary>
    public IReadOnlyList<AssignmentStatementAst> Assignments { get; }

    /// <summary>Its known texts.</summary>
    public ConstantText Constants { get; }

    /// <summary>The names of its functions.</summary>
    public ISet<string> Functions { get; }

    /// <summary>Its commands, in their order.</summary>
    public IReadOnlyList<ScriptCommand> Commands { get; }

    /// <summary>The texts in it, known parts filled in.</summary>
    public IReadOnlyList<(ExpressionAst Ast, string Text)> Texts { get; }

    /// <summary>Where it runs Sysprep.</summary>
    public IReadOnlyList<SysprepCall> SysprepCalls { get; }

    /// <summary>Variables that hold the image state.</summary>
    public ISet<string> ImageStateVariables { get; }

    /// <summary>Variables that hold services, with the services' names.</summary>
    public IDictionary<string, IReadOnlyList<string>> ServiceVariables { get; }

    /// <summary>Its loops other than foreach.</summary>
    public IReadOnlyList<WaitLoop> Loops { get; }

    /// <summary>Whether it runs what cannot be read off: another script, a text, a command that only a variable names.</summary>
    public bool RunsTheUnknown => Commands.Any(command => command.Is("Invoke-Expression", "Invoke-Command", "powershell", "pwsh", "cmd", "schtasks", "Register-ScheduledTask", "Invoke-AibDeprovision", "Invoke-AibSysprep")
        || (command.Path is null && command.Ast.InvocationOperator != TokenKind.Unknown)
        || (command.Path is { } path && (path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".bat", StringComparison.OrdinalIgnoreCase))))
        || Texts.Any(text => text.Text.IndexOf("sysprep.exe", StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>Reads a script.</summary>
    /// <returns>Null, and why, where it is not read: too large, or of a kind that the parser acts upon.</returns>
    public static (WindowsScript? Script, (int Line, string Reason) Refusal) Read(string text)
    {
        if (ScriptSize.ExcessOf(text) is { } excess)
        {
            return (null, (1, excess));
        }
        if (ParserTraps.In(text) is { } trap)
        {
            return (null, (trap.Line, trap.Construct));
        }
        var ast = Parser.ParseInput(text, out var tokens, out var errors);
        return (new WindowsScript(text, ast, tokens, errors), default);
    }

    /// <summary>The names of the services that a Get-Service asks about; '*' for one that is not known.</summary>
    public IEnumerable<string> ServicesOf(ScriptCommand command) =>
        command.Argument("Name", 0, "RequiredServices", "DependentServices") is not { } names ? ["*"] : Constants.ListOf(names) ?? ["*"];

    private static bool Mentions(Ast ast, string word) =>
        ast.Find(a => a is StringConstantExpressionAst text && text.Value.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0
            || a is ExpandableStringExpressionAst expanded && expanded.Value.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether a word stands anywhere in what the script does; comments do not count.</summary>
    public bool Mentions(string word) => _words.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
