using AibDeprovision.Rules;

namespace AibDeprovision.Scripting.Linux;

/// <summary>One rule about shell scripts.</summary>
/// <param name="rule">The rule in the catalogue.</param>
internal abstract class LinuxScriptRule(Rule rule)
{
    /// <summary>The rule in the catalogue.</summary>
    public Rule Rule { get; } = rule;

    /// <summary>What of a script breaks the rule. Reads only.</summary>
    public abstract IEnumerable<Finding> Check(LinuxScript script);

    /// <summary>How its findings are mended, in the same order; nothing for a rule that offers no fix. The edits are of the text as it was given.</summary>
    public virtual IEnumerable<ScriptMend> Mends(LinuxScript script) => [];

    /// <summary>Another text in the place of a word.</summary>
    protected static ScriptMend Mend(LinuxScript script, ShWord word, string text) => new(script.PlaceOf(word.Offset).Line,
        [new ScriptEdit(script.OriginalOffset(word.Offset), script.OriginalOffset(word.Offset + word.Raw.Length), text)]);

    /// <summary>A finding at a command; {found} in its sentences is the command.</summary>
    protected Finding At(LinuxScript script, ShCommand command) => At(script, command.Offset, command.ToString(), command.ToString());

    /// <summary>A finding at a place.</summary>
    protected Finding At(LinuxScript script, int offset, string evidence, string found)
    {
        var (line, column) = script.PlaceOf(offset);
        return Rule.Finding(("found", Shown(found))) with { Line = line, Column = column, Evidence = Shown(evidence) };
    }

    /// <summary>A finding about the whole script.</summary>
    protected Finding AtBegin() => Rule.Finding() with { Line = 1, Column = 1 };

    private static string Shown(string text) => PrintableText.Short(SecretText.Mask(text.Split('\n')[0]));
}

/// <summary>A rule about single commands.</summary>
/// <param name="rule">The rule in the catalogue.</param>
/// <param name="breaks">Whether a command breaks it.</param>
internal abstract class ShCommandRule(Rule rule, Func<ShCommand, bool> breaks) : LinuxScriptRule(rule)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => script.Commands.Where(breaks).Select(command => At(script, command));
}
