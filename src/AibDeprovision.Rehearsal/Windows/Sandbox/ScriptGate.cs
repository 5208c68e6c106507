using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Reads a script before it may run: refuses what ConstrainedLanguage would let through although it reaches past the
/// simulated VM (the host's clock, its environment, its files, another process), and what it would only stumble over.
/// </summary>
internal sealed class ScriptGate
{
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
        if (ScriptSize.ExcessOf(text) is { } excess)
        {
            gate.Refusal = (0, excess);
            return gate;
        }
        if (ParserTraps.In(text) is { } trap)
        {
            gate.Refusal = trap;
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
        gate.Text = gate.Refusal is null ? MaskedNames.Mask(text, gate._refused.Masked, gate._refused.DynamicNames) : text;
        return gate;
    }

    /// <summary>Gives a text that the engine made from the masked script its own names back.</summary>
    public static string Unmask(string text) => MaskedNames.Unmask(text);

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
