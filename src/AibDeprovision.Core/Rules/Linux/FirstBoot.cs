using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>What at the first boot makes something anew.</summary>
internal enum FirstBootMaker
{
    /// <summary>Whatever makes SSH host keys.</summary>
    HostKeys,

    /// <summary>cloud-init, where it may configure the network.</summary>
    Network,

    /// <summary>cloud-init.</summary>
    CloudInit,
}

/// <summary>
/// What a VM from the image makes for itself at its first boot, decided as the hardened script decides it: without SSH host
/// keys or network files of its own it would be unreachable, so where nothing makes new ones the old ones have to stay.
/// </summary>
internal sealed class FirstBoot
{
    private static readonly string[] CloudInitPrograms = ["/usr/bin/cloud-init", "/usr/sbin/cloud-init", "/usr/local/bin/cloud-init", "/usr/local/sbin/cloud-init", "/bin/cloud-init", "/sbin/cloud-init"];
    private static readonly string[] CloudInitUnits = ["cloud-init-main.service", "cloud-init-local.service", "cloud-init-network.service", "cloud-init.service", "cloud-init.target"];

    /// <summary>Files with what the kernel is told, now and by the boot loader.</summary>
    public static readonly string[] KernelArguments =
        ["/proc/cmdline", "/etc/kernel/cmdline", "/etc/default/grub", "/etc/default/grub.d/*.cfg", "/boot/loader/entries/*.conf", "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"];

    // Units by which distributions make host keys.
    private static readonly string[] KeyUnits = ["sshd-keygen.service", "sshd-keygen@.service", "ssh-keygen.service", "sshdgenkeys.service", "sshkeys.service"];

    private readonly LinuxTree _tree;
    private readonly LinuxUnits _units;

    /// <summary>Looks.</summary>
    public FirstBoot(LinuxTree tree)
    {
        (_tree, _units) = (tree, new LinuxUnits(tree));
        var isInstalled = CloudInitPrograms.Any(tree.Exists);
        var runs = isInstalled && !IsDisabled();
        CloudInit = runs;
        NetworkFiles = runs && !IsTold("network-config=disabled")
            && !tree.Find("/etc/cloud/cloud.cfg.d/*.cfg").Prepend("/etc/cloud/cloud.cfg").Any(file => Has(file, @"^[^#]*config[""']?\s*:\s*[""']?disabled"));
        HostKeys = runs
            || ((string[])["/etc/waagent.conf", "/usr/share/oem/waagent.conf"]).Any(file => Has(file, @"^Provisioning\.RegenerateSshHostKeyPair=y"))
            || KeyUnits.Any(unit => MakesKeys(unit, isInstalled))
            // SUSE's makes them itself.
            || (_units.FileOf("sshd.service") is { } sshd && Has(sshd, "^ExecStartPre=.*sshd-gen-keys-start"));
    }

    /// <summary>Whether SSH host keys are made anew.</summary>
    public bool HostKeys { get; }

    /// <summary>Whether cloud-init writes its network files anew.</summary>
    public bool NetworkFiles { get; }

    /// <summary>Whether cloud-init runs.</summary>
    public bool CloudInit { get; }

    /// <summary>Whether something makes anew what is left out.</summary>
    public bool Makes(FirstBootMaker maker) => maker switch { FirstBootMaker.HostKeys => HostKeys, FirstBootMaker.Network => NetworkFiles, _ => CloudInit };

    // /proc and /run are empty in an image: what they say holds for the machine that runs.
    private bool IsDisabled() =>
        _tree.Exists("/etc/cloud/cloud-init.disabled")
        || IsTold("cloud-init=disabled")
        || (_tree.Exists("/run/cloud-init/disabled") && !_tree.Exists("/run/cloud-init/result.json"))
        || CloudInitUnits.Any(_units.IsMasked)
        || (_units.FileOf("cloud-init-local.service") is not null && !_units.IsWanted("cloud-init-local.service") && !_units.IsWanted("cloud-init-main.service"));

    private bool IsTold(string argument) => KernelArguments.SelectMany(_tree.Find).Any(file => Has(file, "^[^#]*" + Regex.Escape(argument)));

    // The file is there and not masked, somebody wants it, and no condition is in its way: ConditionFirstBoot is false with an
    // emptied machine-id; cloud-init's condition leaves the keys to cloud-init.
    private bool MakesKeys(string unit, bool hasCloudInit)
    {
        if (_units.FileOf(unit) is not { } file || _units.IsMasked(unit))
        {
            return false;
        }
        string[] files = [file, .. _units.DropInsOf(unit)];
        var isForTheFirstBoot = files.Any(f => Has(f, "^ConditionFirstBoot=(yes|true|1|on)"));
        var isLeftToCloudInit = hasCloudInit && !_tree.Exists("/etc/cloud/cloud-init.disabled") && files.Any(f => Has(f, "^Condition.*cloud-init"));
        if (isForTheFirstBoot || isLeftToCloudInit || (unit.EndsWith("@.service", StringComparison.Ordinal) && _units.IsMasked("sshd-keygen.target")))
        {
            return false;
        }
        var name = unit.Substring(0, unit.Length - ".service".Length);
        return _units.IsWanted(name + "*.service")
            || ((string[])["sshd.service", "ssh.service", "sshd-keygen.target"]).Any(wanting => _units.FileOf(wanting) is { } by && Has(by, $"^(Wants|Requires)=(.* )?{Regex.Escape(name)}"));
    }

    private bool Has(string file, string pattern) =>
        _tree.LinesOf(file).Any(line => Regex.IsMatch(line.Text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
}
