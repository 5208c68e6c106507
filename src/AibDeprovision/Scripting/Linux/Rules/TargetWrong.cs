using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>A file that bears nearly the name, or stands elsewhere.</summary>
internal sealed class TargetWrong() : LinuxScriptRule(LinuxScriptRules.TargetWrong)
{
    private static readonly Regex s_nearly = new(@"^deprovision(ing|ed)?[-_ ]?script\.sh$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) => Wrong(script).Select(word => At(script, word.Offset, word.Raw, word.Text));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(LinuxScript script) => Wrong(script).Select(word => Mend(script, word, DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Linux)));

    private static List<ShWord> Wrong(LinuxScript script)
    {
        var targets = script.Commands.SelectMany(TargetsOf).Where(word => word.IsLiteral && s_nearly.IsMatch(word.Leaf)).ToList();
        // It may be put together elsewhere first.
        return targets.Exists(IsRight) ? [] : targets;
    }

    private static bool IsRight(ShWord word) => word.Text == DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Linux);

    private static IEnumerable<ShWord> TargetsOf(ShCommand command) =>
        command.Redirections.Where(r => r.Operator is ">" or ">>" or ">|").Select(r => r.Target)
        .Concat(command.Name switch
        {
            "cp" or "mv" or "install" => command.Arguments.Reverse().Take(1),
            "tee" => command.Arguments,
            "curl" or "wget" => command.Arguments.SkipWhile(a => a.Text is not ("-o" or "-O" or "--output")).Skip(1).Take(1),
            _ => [],
        });
}
