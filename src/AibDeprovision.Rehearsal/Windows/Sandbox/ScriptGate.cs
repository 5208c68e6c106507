using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Reads a script before it may run: refuses what ConstrainedLanguage would let through although it reaches past the
/// simulated VM (the host's clock, its environment, its files, another process), and what it would only stumble over.
/// </summary>
internal sealed class ScriptGate
{
    private ScriptGate(string text)
    {
        Text = text;
        Original = text;
    }

    /// <summary>The script as it was written.</summary>
    public string Original { get; private set; }

    /// <summary>The script as it may run: the engine's own variables answer as on the VM.</summary>
    public string Text { get; private set; }

    /// <summary>The syntax error that keeps Windows PowerShell 5.1 from running it at all; null when there is none.</summary>
    public string? SyntaxError { get; private set; }

    /// <summary>What cannot be rehearsed, with its line; null when all can.</summary>
    public (int Line, string Construct)? Refusal { get; private set; }

    /// <summary>Whether it asks for an elevated administrator (#requires -RunAsAdministrator).</summary>
    public bool NeedsElevation { get; private set; }

    /// <summary>The names of the functions that the script defines.</summary>
    public IReadOnlyCollection<string> Functions { get; private set; } = [];

    /// <summary>Whether its next step may depend on what its variables do not show.</summary>
    public bool HidesState { get; private set; }

    /// <summary>Reads a script. Runs nothing of it.</summary>
    public static ScriptGate Read(string text)
    {
        var gate = Read(text, mayChange: true);
        gate.Original = text;
        return gate;
    }

    private static ScriptGate Read(string text, bool mayChange)
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
        gate.NeedsElevation = ast.ScriptRequirements?.IsElevationRequired == true;
        gate.SyntaxError = NewerSyntax.In(ast, tokens) ?? OtherVersion(ast.ScriptRequirements);
        // Of a text that was changed already nothing is changed once more.
        var refused = new RefusedConstructs(mayChange && SimulatedStatics.MakesLists(text));
        ast.Visit(refused);
        // What comes of it passes by the same rules as any other script, or not at all.
        if (mayChange && gate.SyntaxError is null && Changed(text, refused) is { } changed && Read(changed, mayChange: false) is { SyntaxError: null } deferred)
        {
            return deferred;
        }
        gate.Functions = refused.Functions;
        gate.HidesState = refused.HidesState;
        gate.Refusal = gate.SyntaxError is not null ? null
            : refused.Refused.Select(part => ((int, string)?)(part.Where.Extent.StartLineNumber, part.Construct)).FirstOrDefault() ?? Requirement(ast) ?? Unchanged(refused);
        gate.Text = gate.Refusal is null ? MaskedNames.Mask(text, refused.Masked, refused.DynamicNames) : text;
        return gate;
    }

    /// <summary>The names of commands that a script calls and that are neither simulated nor taken as done. Runs nothing of it.</summary>
    public static IReadOnlyList<string> UnknownCommands(string text)
    {
        if (ScriptSize.ExcessOf(text) is not null || ParserTraps.In(text) is not null)
        {
            return [];
        }
        var ast = Parser.ParseInput(text, out _, out _);
        var functions = new RefusedConstructs();
        ast.Visit(functions);
        return [.. ast.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Select(command => command.GetCommandName()).OfType<string>()
            .Where(name => !SandboxSessionState.Names.Contains(name) && !AssumedDone.Contains(name) && !Programs.VmProgram.IsKnown(name) && !functions.Functions.Contains(name))
            .Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(name => name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Gives a text that the engine made from the masked script its own names back.</summary>
    public static string Unmask(string text) => MaskedNames.Unmask(text);

    // What is simulated in another way has to be written in that way.
    private static (int Line, string Construct)? Unchanged(RefusedConstructs refused) =>
        refused.Simulated.Select(part => ((int, string)?)(part.Extent.StartLineNumber, part.Extent.Text)).FirstOrDefault();

    private static string? Changed(string text, RefusedConstructs refused)
    {
        var edits = new TextEdits(text);
        foreach (var simulated in refused.Simulated)
        {
            SimulatedStatics.Rewrite(simulated, edits);
        }
        foreach (var (where, construct) in refused.Refused)
        {
            if (!LateRefusal.TryDefer(where, construct, edits))
            {
                return null;
            }
        }
        return edits.IsEmpty ? null : edits.Apply();
    }

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

    private static string? OtherVersion(ScriptRequirements? needs) =>
        needs?.RequiredPSVersion is { } version && version > new Version(5, 1, int.MaxValue) ? $"it requires PowerShell {version}, and Windows PowerShell is 5.1"
        : needs?.RequiredPSEditions is { Count: > 0 } editions && !editions.Contains("Desktop", StringComparer.OrdinalIgnoreCase) ? $"it requires the edition {string.Join(", ", editions)}, and that of Windows PowerShell is Desktop"
        : null;

    private static (int Line, string Construct)? Requirement(ScriptBlockAst ast) =>
        ast.ScriptRequirements is { } needs && (needs.RequiredModules.Count > 0 || needs.RequiredAssemblies.Count > 0)
            ? (1, "#requires of a module, or of an assembly")
            : null;
}
