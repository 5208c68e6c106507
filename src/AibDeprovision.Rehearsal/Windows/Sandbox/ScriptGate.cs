using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Reads a script before it may run: refuses what ConstrainedLanguage would let through although it reaches past the
/// simulated VM (the host's clock, its environment, its files, another process), and what it would only stumble over.
/// </summary>
internal sealed class ScriptGate
{
    // 'using module' loads the module as soon as the parser meets it, and it can only stand first.
    private static readonly Regex BeginsWithUsing = new(@"\A(?:\s|;|`\r?\n|<#.*?#>|#[^\n]*(?:\n|\z))*(?<keyword>using)\s*(?:`|\s)",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));

    // The parser goes and looks for the keywords of a configuration on the machine that it runs on.
    private static readonly Regex HoldsConfiguration = new(@"(?:^|[;{}])\s*(?<keyword>configuration)(?:\s|`\r?\n|<#.*?#>)+\S+\s*\{",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));

    private readonly RefusedConstructs _refused = new();

    private ScriptGate(string text) => Text = text;

    /// <summary>The script as it may run: the engine's own variables answer as on the VM.</summary>
    public string Text { get; private set; }

    /// <summary>The syntax error that keeps Windows PowerShell 5.1 from running it at all; null when there is none.</summary>
    public string? SyntaxError { get; private set; }

    /// <summary>What cannot be rehearsed, with its line; null when all can.</summary>
    public (int Line, string Construct)? Refusal { get; private set; }

    /// <summary>The names of the functions that the script defines.</summary>
    public IReadOnlyCollection<string> Functions { get; private set; } = [];

    /// <summary>Whether its next step may depend on what its variables do not show.</summary>
    public bool HidesState { get; private set; }

    /// <summary>Reads a script. Runs nothing of it.</summary>
    public static ScriptGate Read(string text)
    {
        var gate = new ScriptGate(text);
        if (BeginsWithUsing.Match(text) is { Success: true } usingMatch)
        {
            gate.Refusal = (LineAt(text, usingMatch.Groups["keyword"].Index), "a using statement");
            return gate;
        }
        if (HoldsConfiguration.Match(text) is { Success: true } configuration)
        {
            gate.Refusal = (LineAt(text, configuration.Groups["keyword"].Index), "a configuration");
            return gate;
        }
        var ast = Parser.ParseInput(text, out var tokens, out var errors);
        if (errors.Length > 0)
        {
            gate.Judge(errors[0]);
            return gate;
        }
        ast.Visit(gate._refused);
        gate.Functions = gate._refused.Functions;
        gate.HidesState = gate._refused.HidesState;
        gate.Refusal = gate._refused.First ?? Requirement(ast);
        gate.SyntaxError = NewerSyntax.In(ast, tokens);
        gate.Text = MaskedNames.Mask(text, gate._refused.Masked);
        return gate;
    }

    /// <summary>Gives a text that the engine made from the masked script its own names back.</summary>
    public static string Unmask(string text) => MaskedNames.Unmask(text);

    private static int LineAt(string text, int index) => 1 + text.Take(index).Count(c => c == '\n');

    private void Judge(ParseError error)
    {
        // Windows PowerShell 5.1 knows it.
        if (error.ErrorId.StartsWith("WorkflowNotSupported", StringComparison.Ordinal))
        {
            Refusal = (error.Extent.StartLineNumber, "a workflow");
        }
        else
        {
            SyntaxError = $"line {error.Extent.StartLineNumber}: {error.Message}";
        }
    }

    private static (int Line, string Construct)? Requirement(ScriptBlockAst ast) =>
        ast.ScriptRequirements is { } needs && (needs.RequiredModules.Count > 0 || needs.RequiredAssemblies.Count > 0)
            ? (1, "#requires of a module, or of an assembly")
            : null;
}
