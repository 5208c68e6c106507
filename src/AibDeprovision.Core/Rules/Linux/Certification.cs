using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// What the certification of Azure Marketplace and microsoft/lisa (azure_image_standard.py) look at on a VM from an image,
/// besides what is residue. Both are programs of others: what they say counts.
/// </summary>
internal sealed class Certification(LinuxTree tree, ResidueReport report)
{
    /// <summary>The oldest agent that is taken.</summary>
    internal static readonly Version OldestAgent = new(2, 2, 53, 1);

    private const int ShortestInterval = 1;
    private const int LongestInterval = 235;

    private static readonly Regex AgentVersionLine = new(@"^AGENT_VERSION\s*=\s*['""](?<version>[0-9]+(\.[0-9]+){1,3})['""]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static readonly ResidueRule Swap = Rule("SwapOnOsDisk", "Swap space on the OS disk", "Swap space is set up that is not on the resource disk: certification refuses swap on the OS disk.",
        "Take it out of fstab in the build; where swap is wanted, let waagent make it on the resource disk (ResourceDisk.Format=y, ResourceDisk.EnableSwap=y) or cloud-init below /mnt.");

    private static readonly ResidueRule KeepAlive = Rule("ClientAliveInterval", "sshd gives up quiet sessions too late", FormattableString.Invariant($"ClientAliveInterval of sshd is not from {ShortestInterval} to {LongestInterval} seconds: Azure's load balancer drops a quiet session after four minutes, and certification asks for it."),
        "Set ClientAliveInterval 180 in sshd_config, before any Match.");

    private static readonly ResidueRule Console = Rule("SerialConsole", "Nothing is said on the serial console", "The kernel is not told to use the serial console, which is all that is seen of a VM that does not start; certification asks for it.",
        "Add console=ttyS0 (ttyAMA0 on Arm) to the kernel's arguments, and make the boot loader's configuration anew.");

    private static readonly ResidueRule Agent = Rule("AgentVersion", "The agent is too old, or there is none", $"There is no Azure Linux Agent of version {OldestAgent} or later, which certification asks for.", "Install or update the agent (waagent) in the build.");

    private static readonly ResidueRule Password = Rule("PasswordLogin", "An account has a password", "this account can log in with a password, which is the same on every VM made from the image; certification refuses it.", "Lock it (passwd -l) or delete the account in the build.");

    private static readonly ResidueRule NameGenerator = Rule("PersistentNameGenerator", "udev would make persistent network names", "udev has the generator of persistent network names, and nothing switches it off: a disk that is moved to another VM would have no eth0, and certification refuses it.",
        "Remove it, or make /etc/udev/rules.d/75-persistent-net-generator.rules an empty file.");

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<ResidueRule> Rules { get; } = [Swap, KeepAlive, Console, Agent, Password, NameGenerator];

    /// <summary>Looks.</summary>
    public void Check()
    {
        CheckSwap();
        CheckKeepAlive();
        CheckConsole();
        CheckAgent();
        CheckPasswords();
        CheckNameGenerator();
    }

    // The resource disk is mounted at /mnt, /mnt/resource and the like; zram is memory.
    private static bool IsOnOsDisk(string device) => !device.StartsWith("/mnt/", StringComparison.Ordinal) && !device.StartsWith("/dev/zram", StringComparison.Ordinal)
        && device.IndexOf("/azure/resource", StringComparison.Ordinal) < 0;

    private void CheckSwap()
    {
        foreach (var (number, text) in tree.LinesOf("/etc/fstab"))
        {
            var field = Fields(text);
            if (field is [[not '#', ..], _, "swap", ..] && IsOnOsDisk(field[0]) && !(field.Length > 3 && field[3].Split(',').Contains("noauto")))
            {
                report.Add(Swap, "/etc/fstab", number);
            }
        }
        foreach (var (number, text) in tree.LinesOf("/proc/swaps").Skip(1))
        {
            if (Fields(text) is [['/', ..] device, ..] && IsOnOsDisk(device))
            {
                report.Add(Swap, "/proc/swaps", number);
            }
        }
        foreach (var unit in tree.Find("/etc/systemd/system/*.swap"))
        {
            if (tree.LinesOf(unit).Select(line => line.Text.Trim()).FirstOrDefault(line => line.StartsWith("What=", StringComparison.Ordinal)) is { } what && IsOnOsDisk(what.Substring("What=".Length).Trim()))
            {
                report.Add(Swap, unit);
            }
        }
    }

    private void CheckKeepAlive()
    {
        var settings = new SshdSettings(tree);
        if (settings.File is null)
        {
            return;
        }
        var set = settings.Of("ClientAliveInterval").FirstOrDefault();
        if (SshdSettings.Seconds(set?.Value ?? "0") is not (>= ShortestInterval and <= LongestInterval))
        {
            report.Add(KeepAlive, set?.File ?? settings.File, set?.Line);
        }
    }

    private void CheckConsole()
    {
        List<string> files = [.. ((string[])["/proc/cmdline", .. LinuxChecks.BootSettings]).SelectMany(tree.Find).Where(file => tree.Exists(file))];
        if (files.Count == 0)
        {
            tree.Miss("/boot", "what the boot loader tells the kernel is in none of the places where it is looked for");
        }
        else if (!files.Exists(file => tree.LinesOf(file).Any(line => Regex.IsMatch(line.Text, LinuxChecks.SerialConsole, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))))
        {
            report.Add(Console, files[files.Count - 1]);
        }
    }

    private void CheckAgent()
    {
        List<Version> versions = [];
        foreach (var file in LinuxChecks.AgentVersions.SelectMany(tree.Find))
        {
            versions.AddRange(tree.LinesOf(file).Select(line => AgentVersionLine.Match(line.Text)).Where(match => match.Success).Select(match => new Version(match.Groups["version"].Value)));
        }
        var program = Array.Find(LinuxChecks.AgentPlaces, tree.Exists);
        if (versions.Count == 0 && program is not null)
        {
            tree.Miss(program, "the version of the agent is in none of the places where it is looked for");
        }
        else if (versions.Count == 0 || versions.Max() < OldestAgent)
        {
            report.Add(Agent, program ?? "/usr/sbin/waagent", about: versions.Count == 0 ? null : versions.Max()!.ToString());
        }
    }

    // A hash is not shown, and no more of it looked at than whether there can be a password.
    private void CheckPasswords()
    {
        foreach (var (number, text) in tree.LinesOf("/etc/shadow"))
        {
            if (text.Split(':') is [{ Length: > 0 } name, var hash, _, ..] && name != "root" && !(hash.StartsWith("!", StringComparison.Ordinal) || hash.StartsWith("*", StringComparison.Ordinal)))
            {
                report.Add(Password, "/etc/shadow", number, name);
            }
        }
    }

    private void CheckNameGenerator()
    {
        const string name = "75-persistent-net-generator.rules";
        if (!tree.Find("/etc/udev/rules.d/" + name).Any() && ((string[])["/usr/lib/udev/rules.d/" + name, "/lib/udev/rules.d/" + name]).FirstOrDefault(file => tree.Exists(file)) is { } generator)
        {
            report.Add(NameGenerator, generator);
        }
    }

    private static string[] Fields(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static ResidueRule Rule(string id, string title, string message, string remedy) =>
        new(new Rule(id, RuleKinds.Certification, DeprovisionPlatform.Linux, Severity.Warning, Certainty.Likely, title, message, remedy)) { Cleaning = ResidueCleaning.Told };
}
