using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>What is left of $true, $null and conditions after the variables were expanded.</summary>
internal sealed class ExpandedText() : WindowsScriptRule(WindowsScriptRules.ExpandedText)
{
    private static readonly Regex s_emptied = new(@"\b(while|if|until|elseif)\s*\(\s*(\)|-(eq|ne|match|like|lt|gt)\b)|^\s*=\s|\(\s*\)\.", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) =>
        script.Errors.Where(error => Explains(script, error)).Take(1).Select(error => At(error.Extent, ("what", "Nothing")))
        .Concat(script.Commands.Where(IsEmptied).Select(command => At(command.Ast, ("what", $"The word {command.Ast.CommandElements[0].Extent.Text}"))));

    /// <summary>Whether a syntax error is what is left of a variable.</summary>
    public static bool Explains(WindowsScript script, ParseError error)
    {
        // The line alone: a script of one long line is cut, so that no expression reads on and on.
        var line = error.Extent.StartScriptPosition.Line;
        return s_emptied.IsMatch(line.Length > 2_000 ? line.Substring(0, 2_000) : line);
    }

    private static bool IsEmptied(ScriptCommand command) => command.Is("True", "False", "=") && command.Ast.InvocationOperator == TokenKind.Unknown;
}
