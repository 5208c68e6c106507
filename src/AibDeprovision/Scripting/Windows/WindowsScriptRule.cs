using System.Management.Automation.Language;
using AibDeprovision.Rules;

namespace AibDeprovision.Scripting.Windows;

/// <summary>One rule about scripts for Windows.</summary>
/// <param name="rule">The rule in the catalogue.</param>
internal abstract class WindowsScriptRule(Rule rule)
{
    /// <summary>The rule in the catalogue.</summary>
    public Rule Rule { get; } = rule;

    /// <summary>What of a script breaks the rule. Reads only.</summary>
    public abstract IEnumerable<Finding> Check(WindowsScript script);

    /// <summary>A finding at a place of the script.</summary>
    protected Finding At(IScriptExtent place, params (string Name, string Value)[] values) =>
        Rule.Finding([.. values.Select(v => (v.Name, Shown(v.Value)))]) with { Line = place.StartLineNumber, Column = place.StartColumnNumber, Evidence = Shown(place.Text) };

    /// <summary>A finding at a place of the script.</summary>
    protected Finding At(Ast place, params (string Name, string Value)[] values) => At(place.Extent, values);

    // Scripts are somebody else's: what is shown of one is one printable line, without secrets.
    private static string Shown(string text) => PrintableText.Short(SecretText.Mask(text.Split('\n')[0].TrimEnd('\r')));
}

/// <summary>A rule about single calls of Sysprep.</summary>
/// <param name="rule">The rule in the catalogue.</param>
/// <param name="breaks">Whether a call breaks it.</param>
internal abstract class SysprepCallRule(Rule rule, Func<SysprepCall, bool> breaks) : WindowsScriptRule(rule)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) => script.SysprepCalls.Where(breaks).Select(call => At(call.Ast));
}

/// <summary>A rule about single commands.</summary>
/// <param name="rule">The rule in the catalogue; {found} in its sentences is the command.</param>
internal abstract class CommandRule(Rule rule) : WindowsScriptRule(rule)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.Commands.Where(command => Breaks(command, script)).Select(command => At(command.Ast, ("found", command.Ast.Extent.Text)));

    /// <summary>Whether a command breaks it.</summary>
    protected abstract bool Breaks(ScriptCommand command, WindowsScript script);

    /// <summary>Whether one of the known arguments fits.</summary>
    protected static bool Any(ScriptCommand command, Func<string, bool> fits) => command.Arguments.Any(a => a is not null && fits(a));

    /// <summary>Whether one of the known arguments is one of these words.</summary>
    protected static bool AnyOf(ScriptCommand command, params string[] words) => Any(command, a => words.Contains(a, StringComparer.OrdinalIgnoreCase));
}
