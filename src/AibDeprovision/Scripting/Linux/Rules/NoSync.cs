using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>No sync after waagent.</summary>
internal sealed class NoSync() : LinuxScriptRule(LinuxScriptRules.NoSync)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script) =>
        script.Deprovisions.Count == 0 || script.Commands.Any(c => c.Name == "sync" && !EndsBefore(script, c)) ? [] : [At(script, script.Deprovisions[script.Deprovisions.Count - 1])];

    // An exit on its own line before it, which nothing decides.
    private static bool EndsBefore(LinuxScript script, ShCommand sync) => script.Commands.TakeWhile(c => c != sync).Reverse().TakeWhile(c => !c.IsDeprovision)
        .Any(c => c.Name == "exit" && c.After == "\n" && script.PlaceOf(c.Offset).Column == 1);
}
