using System.Management.Automation.Language;

namespace AibDeprovision.Scripting.Windows;

/// <summary>A place where a script runs Sysprep.</summary>
/// <param name="Ast">The place.</param>
/// <param name="Words">The known words of its command line after the program.</param>
/// <param name="IsComplete">Whether all words are known.</param>
/// <param name="IsWaitedFor">Whether the script goes on when Sysprep has ended only.</param>
/// <param name="IsAlone">Whether it is called by its name and by itself, in which case PowerShell does not wait for it.</param>
internal sealed record SysprepCall(Ast Ast, IReadOnlyList<string> Words, bool IsComplete, bool IsWaitedFor, bool IsAlone)
{
    // Programs and commands that run what they are given. What a function of the script's own does with it is not known.
    private static readonly string[] s_runners = ["cmd", "powershell", "pwsh", "Invoke-Expression", "Invoke-Command", "psexec", "psexec64", "schtasks", "runas", "wmic", "Start-Job"];

    /// <summary>Its switches without the slash or dash.</summary>
    public IEnumerable<string> Switches => Words.Where(word => word[0] is '/' or '-').Select(word => word.Substring(1));

    /// <summary>Whether a switch is given, alone or with a value.</summary>
    public bool Has(string name) => Switches.Any(s => s.Split(':')[0].Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a switch is certainly not given.</summary>
    public bool Lacks(string name) => IsComplete && !Has(name);

    /// <summary>The call of Sysprep that a command is; null where it is none.</summary>
    public static SysprepCall? From(ScriptCommand command, ConstantText constants)
    {
        if (command.Is("sysprep"))
        {
            var alone = command.Ast.Parent is PipelineAst { PipelineElements.Count: 1, Parent: not (AssignmentStatementAst or ParenExpressionAst) } && command.Ast.Redirections.Count == 0;
            return Of(command.Ast, command.Arguments, isWaitedFor: !alone, alone);
        }
        if (command.Is("Start-Process"))
        {
            string[] switches = ["Wait", "PassThru", "NoNewWindow", "UseNewEnvironment", "LoadUserProfile"];
            var program = command.Argument("FilePath", 0, switches);
            if (program is not null && constants.Of(program) is { } path)
            {
                return IsSysprep(path) ? OfStarted(command, constants, command.Argument("ArgumentList", 1, switches) ?? command.Argument("Args", -1, switches))
                    : Inside(command, [path, .. constants.ListOf(command.Argument("ArgumentList", 1, switches)) ?? []]);
            }
            return program is not null && Named(program) ? new SysprepCall(command.Ast, [], IsComplete: false, command.Has("Wait"), IsAlone: false) : null;
        }
        // A variable whose name says it.
        if (command.Path is null && command.Ast.InvocationOperator != TokenKind.Unknown && Named(command.Ast.CommandElements[0]))
        {
            return new SysprepCall(command.Ast, [], IsComplete: false, IsWaitedFor: false, IsAlone: false);
        }
        return command.Is(s_runners) ? Inside(command, command.Arguments) : null;
    }

    // Another program that is given it: cmd /c, powershell -Command, psexec, schtasks.
    private static SysprepCall? Inside(ScriptCommand command, IEnumerable<string?> arguments)
    {
        var parts = arguments.ToList();
        var words = Split(parts.Where(part => part is not null)!).ToList();
        var at = words.FindIndex(IsSysprep);
        return at < 0 ? null
            : new SysprepCall(command.Ast, [.. words.Skip(at + 1).TakeWhile(word => word is not ("&" or "&&" or "||" or "|"))], !parts.Contains(null), command.Is("cmd"), IsAlone: false);
    }

    private static SysprepCall OfStarted(ScriptCommand command, ConstantText constants, Ast? arguments)
    {
        var known = arguments is null ? [] : constants.ListOf(arguments);
        return new SysprepCall(command.Ast, [.. Split(known ?? [])], known is not null, command.Has("Wait"), IsAlone: false);
    }

    private static SysprepCall Of(Ast ast, IEnumerable<string?> arguments, bool isWaitedFor, bool alone)
    {
        var all = arguments.ToList();
        return new SysprepCall(ast, [.. Split(all.Where(a => a is not null)!)], !all.Contains(null), isWaitedFor, alone);
    }

    private static IEnumerable<string> Split(IEnumerable<string?> texts) =>
        texts.SelectMany(text => text!.Split([' ', '\t', '\r', '\n', '"', '\'', ';'], StringSplitOptions.RemoveEmptyEntries));

    private static bool Named(Ast ast) => ast is VariableExpressionAst variable && variable.VariablePath.UserPath.IndexOf("sysprep", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Whether a path is that of the program.</summary>
    internal static bool IsSysprep(string path)
    {
        var leaf = path.Trim('"', '\'').Split('\\', '/').Last();
        return leaf.Equals("sysprep.exe", StringComparison.OrdinalIgnoreCase) || leaf.Equals("sysprep", StringComparison.OrdinalIgnoreCase);
    }
}
