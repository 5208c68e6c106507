using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>$Env:SystemRoot\windows\system32.</summary>
internal sealed class WindowsTwice() : WindowsScriptRule(WindowsScriptRules.WindowsTwice)
{
    private static readonly Regex s_second = new(@"(env:(SystemRoot|windir)\}?|C:\\+windows)(?<cut>\\+windows)\\", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) => Broken(script).Select(ast => At(ast, ("found", ast.Extent.Text)));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) => Broken(script).Select(ast => new ScriptMend(ast.Extent.StartLineNumber, Second(ast)));

    // The one that is written out, after a variable or after another.
    private static IReadOnlyList<ScriptEdit> Second(ExpressionAst ast)
    {
        var found = s_second.Match(ast.Extent.Text);
        return found.Success ? [new ScriptEdit(ast.Extent.StartOffset + found.Groups["cut"].Index, ast.Extent.StartOffset + found.Groups["cut"].Index + found.Groups["cut"].Length, "")] : [];
    }

    private static IEnumerable<ExpressionAst> Broken(WindowsScript script) =>
        script.Texts.Where(text => text.Text.Replace(@"\\", @"\").StartsWith(@"C:\Windows\windows\", StringComparison.OrdinalIgnoreCase)).Select(text => text.Ast);
}
