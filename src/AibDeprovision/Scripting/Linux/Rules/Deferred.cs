using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>By at, cron, systemd-run or an ampersand.</summary>
internal sealed class Deferred() : LinuxScriptRule(LinuxScriptRules.Deferred)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(LinuxScript script)
    {
        for (var i = 0; i < script.Commands.Count; i++)
        {
            var command = script.Commands[i];
            if (command.IsDeprovision && (command.After == "&" || command.Wrappers.Contains("setsid")) && !script.Commands.Skip(i + 1).Any(c => c.Name == "wait"))
            {
                yield return At(script, command.Offset, command.ToString(), command.After == "&" ? "'&'" : "setsid");
            }
            // echo 'waagent ...' | at now + 1 minute; systemd-run waagent ...
            else if (command.Words.Concat(command.Redirections.Select(r => r.Target)).Any(w => w.Text.Contains("waagent") && w.Text.Contains("deprovision"))
                && i + 1 < script.Commands.Count && command.After == "|" && script.Commands[i + 1].Name is "at" or "batch" or "crontab" && command.After == "|")
            {
                yield return At(script, script.Commands[i + 1].Offset, script.Commands[i + 1].ToString(), script.Commands[i + 1].Name);
            }
            else if (command.Name == "systemd-run" && command.IsDeprovision && !command.Has("--wait"))
            {
                yield return At(script, command.Offset, command.ToString(), "systemd-run");
            }
        }
    }
}
