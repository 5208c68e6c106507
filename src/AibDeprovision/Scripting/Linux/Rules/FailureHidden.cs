using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>waagent ... &amp;&amp; something, and more lines after it.</summary>
internal sealed class FailureHidden() : LinuxScriptRule(LinuxScriptRules.FailureHidden)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script)
    {
        // Under 'set -e' a list of && does not end the script either, unless its last command fails.
        foreach (var call in script.Deprovisions.Where(call => call.After == "&&" && !call.IsCondition && !call.IsNested))
        {
            var list = script.Commands.SkipWhile(c => c != call).ToList();
            var last = list.FindIndex(c => c.After is not ("&&" or "||" or "|"));
            var isHandled = list.Take(last + 1).Any(c => c.After == "||");
            if (last >= 0 && !isHandled && list.Skip(last + 1).Any(c => !c.IsNested))
            {
                yield return At(script, call);
            }
        }
    }
}
