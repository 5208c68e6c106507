using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// What a VM from the image makes for itself at its first boot, decided as the hardened script decides it: without SSH host
/// keys or network files of its own it would be unreachable, so where nothing makes new ones the old ones have to stay.
/// </summary>
internal sealed class WhatReturns
{
    private static readonly string[] CloudInitPrograms = ["/usr/bin/cloud-init", "/usr/sbin/cloud-init", "/usr/local/bin/cloud-init", "/usr/local/sbin/cloud-init", "/bin/cloud-init", "/sbin/cloud-init"];

    /// <summary>Looks.</summary>
    public WhatReturns(LinuxTree tree)
    {
        var runs = CloudInitPrograms.Any(tree.Exists) && !IsDisabled(tree);
        NetworkFiles = runs && !tree.Find("/etc/cloud/cloud.cfg.d/*.cfg").Prepend("/etc/cloud/cloud.cfg").Any(file => Has(tree, file, @"^[^#]*config:\s*disabled"));
        HostKeys = runs
            || ((string[])["/etc/waagent.conf", "/usr/share/oem/waagent.conf"]).Any(file => Has(tree, file, @"^Provisioning\.RegenerateSshHostKeyPair=y"))
            || tree.Find("/usr/lib/systemd/system/sshd-keygen*").Concat(tree.Find("/lib/systemd/system/sshd-keygen*")).Any();
    }

    /// <summary>Whether SSH host keys are made anew.</summary>
    public bool HostKeys { get; }

    /// <summary>Whether cloud-init writes its network files anew.</summary>
    public bool NetworkFiles { get; }

    // /proc and /run are empty in an image: what they say holds for the machine that runs.
    private static bool IsDisabled(LinuxTree tree) =>
        tree.Exists("/etc/cloud/cloud-init.disabled")
        || Has(tree, "/proc/cmdline", "cloud-init=disabled")
        || (tree.Exists("/run/cloud-init/disabled") && !tree.Exists("/run/cloud-init/result.json"));

    private static bool Has(LinuxTree tree, string file, string pattern) =>
        tree.LinesOf(file).Any(line => Regex.IsMatch(line.Text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
}
