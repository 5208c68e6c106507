using System.Management.Automation.Language;
using AibDeprovision.Rules;
using AibDeprovision.Scripting.Windows.Rules;

namespace AibDeprovision.Scripting.Windows;

/// <summary>One rule about scripts for Windows.</summary>
/// <param name="rule">The rule in the catalogue.</param>
internal abstract class WindowsScriptRule(Rule rule)
{
    /// <summary>The rule in the catalogue.</summary>
    public Rule Rule { get; } = rule;

    /// <summary>What of a script breaks the rule. Reads only.</summary>
    public abstract IEnumerable<Finding> Check(WindowsScript script);

    /// <summary>Whether a script has what the rule is about, so that no finding means that all is well.</summary>
    public virtual bool HasSubject(WindowsScript script) => true;

    /// <summary>How its findings are mended, in the same order; nothing for a rule that offers no fix.</summary>
    public virtual IEnumerable<ScriptMend> Mends(WindowsScript script) => [];

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
/// <param name="mend">What mends a call.</param>
/// <param name="isWatched">Whether Sysprep is waited for as well, where nothing does: without that, a build that fails would become one that succeeds too early.</param>
internal abstract class SysprepCallRule(Rule rule, Func<SysprepCall, bool> breaks, Func<SysprepWords, SysprepCall, IReadOnlyList<ScriptEdit>> mend, bool isWatched = false) : WindowsScriptRule(rule)
{
    // A call whose words are not all known tells nothing.
    /// <inheritdoc/>
    public override bool HasSubject(WindowsScript script) => script.SysprepCalls.Count > 0 && script.SysprepCalls.All(call => call.IsComplete || breaks(call));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) =>
        script.SysprepCalls.Where(breaks).Select(call => new ScriptMend(call.Ast.Extent.StartLineNumber, Mend(script, call)));

    private IReadOnlyList<ScriptEdit> Mend(WindowsScript script, SysprepCall call)
    {
        var words = mend(new SysprepWords(call, script.Constants), call);
        if (words.Count == 0 || !isWatched || !SysprepNotWatched.Broken(script).Contains(call))
        {
            return words;
        }
        var wait = WaitEdits.WaitForSeal(script, call.Ast);
        return wait.Count == 0 ? [] : [.. words, .. wait];
    }

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
