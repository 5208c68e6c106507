using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Linux.Rules;

/// <summary>sudo echo ... > a file of the system.</summary>
internal sealed class SudoRedirect() : ShCommandRule(LinuxScriptRules.SudoRedirect, Redirects)
{
    private static bool Redirects(ShCommand command) => command.Words is [{ Raw: "sudo" }, ..] && command.Name is not ("sh" or "bash")
        && command.Redirections.Any(r => r.Operator is ">" or ">>" && IsOfSystem(r.Target.Text));

    // Not where every user may write.
    private static bool IsOfSystem(string path) => path.StartsWith("/etc/", StringComparison.Ordinal) || path.StartsWith("/usr/", StringComparison.Ordinal)
        || path.StartsWith("/var/", StringComparison.Ordinal) && !path.StartsWith("/var/tmp/", StringComparison.Ordinal) || path.StartsWith("/root/", StringComparison.Ordinal) || path.StartsWith("/opt/", StringComparison.Ordinal);
}
