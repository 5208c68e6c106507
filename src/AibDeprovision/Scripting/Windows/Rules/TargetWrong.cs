using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>A file that bears nearly the name, or stands elsewhere.</summary>
internal sealed class TargetWrong() : WindowsScriptRule(WindowsScriptRules.TargetWrong)
{
    private static readonly Regex s_nearly = new(@"^deprovision(ing|ed)?[-_ ]?script\.ps1$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) => Wrong(script).Select(wrong => At(wrong.Target, ("found", wrong.Path)));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script) => Wrong(script).Select(wrong => new ScriptMend(wrong.Target.Extent.StartLineNumber,
        wrong.Target is StringConstantExpressionAst or ExpandableStringExpressionAst ? [new ScriptEdit(wrong.Target.Extent.StartOffset, wrong.Target.Extent.EndOffset, $"'{DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Windows)}'")] : []));

    private static List<(Ast Target, string Path)> Wrong(WindowsScript script)
    {
        var isRight = false;
        List<(Ast Target, string Path)> wrong = [];
        foreach (var command in script.Commands)
        {
            var target = command.Name.ToLowerInvariant() switch
            {
                "set-content" or "add-content" => command.Argument("Path", 0, "Force", "NoNewline") ?? command.Argument("LiteralPath", -1),
                "out-file" => command.Argument("FilePath", 0, "Force", "NoNewline", "Append") ?? command.Argument("LiteralPath", -1),
                "copy-item" or "move-item" => command.Argument("Destination", 1, "Force", "Recurse", "PassThru"),
                "invoke-webrequest" or "invoke-restmethod" => command.Argument("OutFile", -1, "UseBasicParsing"),
                "start-bitstransfer" => command.Argument("Destination", 1),
                _ => null,
            };
            if (target is null || script.Constants.Of(target) is not { } path || !s_nearly.IsMatch(path.Split('\\', '/').Last()))
            {
                continue;
            }
            if (path.Replace('/', '\\').Equals(DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Windows), StringComparison.OrdinalIgnoreCase))
            {
                isRight = true;
            }
            else
            {
                wrong.Add((target, path));
            }
        }
        // It may be put together elsewhere first.
        return isRight ? [] : wrong;
    }
}
