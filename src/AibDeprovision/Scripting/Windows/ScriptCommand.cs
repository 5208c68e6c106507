using System.Management.Automation.Language;

namespace AibDeprovision.Scripting.Windows;

/// <summary>A command of a script with what is known of its name and arguments.</summary>
internal sealed class ScriptCommand
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["saps"] = "Start-Process", ["start"] = "Start-Process", ["iex"] = "Invoke-Expression", ["icm"] = "Invoke-Command", ["iwr"] = "Invoke-WebRequest",
        ["irm"] = "Invoke-RestMethod", ["wget"] = "Invoke-WebRequest", ["curl"] = "Invoke-WebRequest", ["gsv"] = "Get-Service", ["sasv"] = "Start-Service",
        ["spsv"] = "Stop-Service", ["spps"] = "Stop-Process", ["kill"] = "Stop-Process", ["gps"] = "Get-Process", ["ps"] = "Get-Process", ["sleep"] = "Start-Sleep",
        ["rm"] = "Remove-Item", ["ri"] = "Remove-Item", ["del"] = "Remove-Item", ["erase"] = "Remove-Item", ["rd"] = "Remove-Item", ["rmdir"] = "Remove-Item",
        ["cp"] = "Copy-Item", ["cpi"] = "Copy-Item", ["copy"] = "Copy-Item", ["mv"] = "Move-Item", ["mi"] = "Move-Item", ["move"] = "Move-Item",
        ["sc"] = "sc", ["ac"] = "Add-Content", ["ni"] = "New-Item", ["gc"] = "Get-Content", ["cat"] = "Get-Content", ["type"] = "Get-Content",
        ["gp"] = "Get-ItemProperty", ["sajb"] = "Start-Job",
    };

    private readonly ConstantText _constants;

    /// <param name="ast">The command.</param>
    /// <param name="constants">The known texts of the script.</param>
    public ScriptCommand(CommandAst ast, ConstantText constants)
    {
        Ast = ast;
        _constants = constants;
        Path = constants.Of(ast.CommandElements[0]);
        var leaf = Path?.Split('\\', '/').Last() ?? "";
        var name = leaf.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? leaf.Substring(0, leaf.Length - 4) : leaf;
        Name = Aliases.TryGetValue(name, out var full) ? full : name;
    }

    /// <summary>The command in the syntax tree.</summary>
    public CommandAst Ast { get; }

    /// <summary>What it is called by; null where that is not known.</summary>
    public string? Path { get; }

    /// <summary>The name without folder and .exe, aliases resolved; empty where it is not known.</summary>
    public string Name { get; }

    /// <summary>Whether it has one of these names.</summary>
    public bool Is(params string[] names) => names.Contains(Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The known texts of its arguments, words of options too; what is not known is null.</summary>
    public IEnumerable<string?> Arguments => Ast.CommandElements.Skip(1).SelectMany(Texts);

    /// <summary>Whether a switch is given.</summary>
    public bool Has(string parameter) => Ast.CommandElements.OfType<CommandParameterAst>().Any(p => IsPrefix(p.ParameterName, parameter));

    /// <summary>What a parameter is given; null where it is not.</summary>
    /// <param name="parameter">Its name; a shorter form that begins alike is taken too.</param>
    /// <param name="position">Its position among what has no parameter's name, from 0; negative for none.</param>
    /// <param name="switches">Names of the command's switches, which take nothing.</param>
    public Ast? Argument(string parameter, int position, params string[] switches)
    {
        var place = 0;
        for (var i = 1; i < Ast.CommandElements.Count; i++)
        {
            var element = Ast.CommandElements[i];
            if (element is CommandParameterAst named)
            {
                var isSwitch = Array.Exists(switches, s => IsPrefix(named.ParameterName, s));
                var value = named.Argument ?? (isSwitch || i + 1 >= Ast.CommandElements.Count || Ast.CommandElements[i + 1] is CommandParameterAst ? null : Ast.CommandElements[++i]);
                if (IsPrefix(named.ParameterName, parameter))
                {
                    return value;
                }
            }
            else if (element is VariableExpressionAst { Splatted: true } splat)
            {
                if (Splatted(splat, parameter) is { } value)
                {
                    return value;
                }
            }
            else if (place++ == position)
            {
                return element;
            }
        }
        return null;
    }

    private StatementAst? Splatted(VariableExpressionAst splat, string parameter)
    {
        var value = _constants.ValueOf(splat);
        var table = value?.Find(a => a is HashtableAst, searchNestedScriptBlocks: false) as HashtableAst;
        return table?.KeyValuePairs.FirstOrDefault(pair => _constants.Of(pair.Item1) is { } key && IsPrefix(key, parameter))?.Item2;
    }

    private IEnumerable<string?> Texts(CommandElementAst element) => element switch
    {
        CommandParameterAst { Argument: { } argument } named => [$"-{named.ParameterName}", .. Known(argument)],
        CommandParameterAst named => [$"-{named.ParameterName}"],
        _ => Known(element),
    };

    private IReadOnlyList<string?> Known(Ast ast)
    {
        IReadOnlyList<string?>? known = _constants.ListOf(ast);
        return known ?? [null];
    }

    private static bool IsPrefix(string given, string parameter) => given.Length > 0 && parameter.StartsWith(given, StringComparison.OrdinalIgnoreCase);
}
