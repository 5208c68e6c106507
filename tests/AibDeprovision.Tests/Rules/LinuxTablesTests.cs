using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Tests.Scripts;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Rules;

/// <summary>Every path of the tables at once: the check names each, the script leaves none that has to go; and machines made at random.</summary>
public sealed class LinuxTablesTests
{
    private static readonly Variation[] Variations =
    [
        new("no ovf-env.xml", m => m.Delete("/var/lib/waagent/ovf-env.xml")),
        new("no rules of cloud-init", m => m.Delete("/etc/sudoers.d/90-cloud-init-users")),
        new("rules of others", m => m.WriteFile("/etc/sudoers.d/waagent", "packer ALL=(ALL) ALL\n# packer\npackeradmin ALL=(ALL) /bin/a, \\\n  /bin/b\nother ALL=(ALL) ALL")),
        new("rules in every form", m => m.WriteFile("/etc/sudoers.d/own", "  packer ALL=(ALL) ALL\n%packer ALL=(ALL) ALL\n#1000 ALL=(ALL) ALL\n\"packer\" ALL=(ALL) ALL\nDefaults:packer !requiretty\npackeradmin ALL=(ALL) ALL\n")),
        new("rules for several", m => m.WriteFile("/etc/sudoers.d/several", "User_Alias OPS = appsvc, \\\n  packer\n")),
        new("included rules", m =>
        {
            m.WriteFile("/etc/sudoers", "root ALL=(ALL) ALL\n@includedir /etc/rules\n");
            m.WriteFile("/etc/rules/own", "packer ALL=(ALL) ALL\nappsvc ALL=(ALL) ALL\n");
        }),
        new("a home elsewhere", m =>
        {
            m.WriteFile("/etc/passwd", m.ReadFile("/etc/passwd")!.Replace("/home/packer:", "/srv/app:", StringComparison.Ordinal));
            m.WriteFile("/srv/app/data", Canary);
        }),
        new("a home of two", m => m.WriteFile("/etc/passwd", m.ReadFile("/etc/passwd")!.Replace("/home/packer:", "/home/appsvc:", StringComparison.Ordinal))),
        new("an account that is gone", m => m.WriteFile("/etc/passwd", string.Join('\n', m.ReadFile("/etc/passwd")!.Split('\n').Where(line => !line.StartsWith("packer:", StringComparison.Ordinal))))),
        new("accounts without a last end of line", m => m.WriteFile("/etc/passwd", m.ReadFile("/etc/passwd")!.TrimEnd('\n'))),
        new("cloud-init is disabled", m => m.WriteFile("/etc/cloud/cloud-init.disabled", "")),
        new("cloud-init is masked", m => m.WriteLink("/etc/systemd/system/cloud-init.service", "/dev/null")),
        new("cloud-init may not configure the network", m => m.WriteFile("/etc/cloud/cloud.cfg.d/99.cfg", "network: {config: 'disabled'}\n")),
        new("the agent makes no keys", m => m.WriteFile("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=n\n")),
        new("a machine-id that is not there yet", m => m.WriteFile("/etc/machine-id", "uninitialized\n")),
        new("lines of cloud-init in fstab", m => m.WriteFile("/etc/fstab", "/dev/sdb1 /mnt auto nofail,comment=cloudconfig 0 2\n/dev/sda1 / ext4 defaults 0 1\n")),
        new("an interface with an address", m => m.WriteFile("/etc/sysconfig/network-scripts/ifcfg-eth1", "DEVICE=eth1\nHWADDR=00:0d:3a:aa:bb:cc\n")),
        new("links", m =>
        {
            m.WriteLink("/home/appsvc/.zsh_history", "/etc/precious");
            m.WriteLink("/var/log/planted.log", "/etc/precious");
            m.WriteLink("/home/appsvc/.local/state", "/srv/precious");
            m.WriteFile("/srv/precious/lesshst", Canary);
            m.WriteFile("/etc/precious", Canary);
        }),
    ];

    // What besides the paths of the tables a deprovision may change: the accounts' files, the rules of sudo, lines and the identity.
    private static readonly string[] AlsoChanged =
    [
        "/etc/passwd", "/etc/shadow", "/etc/subuid", "/etc/subgid", "/etc/sudoers", "/etc/sudoers.d/waagent", "/etc/sudoers.d/own", "/etc/rules/own", "/etc/hosts", "/etc/fstab", "/etc/machine-id",
        "/var/lib/dbus/machine-id", "/etc/sysconfig/network-scripts/ifcfg-eth0", "/etc/sysconfig/network-scripts/ifcfg-eth1", "/etc/resolv.conf", "/home/packer/", "/root/.bash_history", "/var/lib/aibdeprovision/",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void Every_path_of_the_tables_is_named_and_after_the_script_none_is_left(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.WriteFile("/etc/lvm/devices/system.devices", "x");
        var planted = new Dictionary<string, ResidueRule>(StringComparer.Ordinal);
        foreach (var rule in LinuxResidueRules.All)
        {
            foreach (var path in rule.Paths.Select(PathOf).Concat(rule.Below.Select(folder => folder + "/planted-file")).Where(path => !planted.ContainsKey(path) && !machine.Files.Exists(path)))
            {
                if (!planted.Keys.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal) || path.StartsWith(other + "/", StringComparison.Ordinal)))
                {
                    machine.Files.WriteFile(path, Canary);
                    planted[path] = rule;
                }
            }
        }
        var named = Check(machine).Findings.ToList();
        Assert.All(planted, p => Assert.True(named.Any(f => f.RuleId == p.Value.Id || f.File == p.Key || p.Key.StartsWith(f.File + "/", StringComparison.Ordinal)), $"{p.Key} ({p.Value.Id})"));

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.Null(Check(machine).First);
        Assert.All(planted.Where(p => p.Value.HasToGo), p => Assert.NotEqual(Canary, machine.Files.ReadFile(p.Key)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_script_seals_exactly_where_the_check_finds_nothing_that_has_to_go_and_touches_nothing_else(int seed)
    {
        var machine = SeededMachine("dash");
        var random = new Random(seed);
        var variations = Variations.Where(_ => random.Next(5) == 0).ToList();
        variations.ForEach(v => v.Change(machine.Files));
        var plan = new DeprovisionPlan { KeepUser = random.Next(8) == 0, Keep = Enum.GetValues<ResidueKinds>().Where(_ => random.Next(8) == 0).Aggregate(ResidueKinds.None, (all, kind) => all | kind) };
        string[] own = ["/etc/precious", "/srv/precious/lesshst", "/etc/netplan/01-own.yaml", "/home/appsvc/notes", "/home/appsvc/.ssh/authorized_keys", "/etc/sudoers.d/appsvc", "/root/.ssh/config", "/srv/app/data"];
        var before = own.ToDictionary(path => path, machine.Files.ReadFile, StringComparer.Ordinal);
        var whole = Snapshot(machine);

        var run = RunPlan(machine, "dash", plan, new() { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SUDO_USER"] = "packer" } });

        var report = Check(machine, new() { Keep = plan.Keep, KeepUser = plan.KeepUser, Users = ["packer"] });
        var about = $"seed {seed}: {string.Join(", ", variations.Select(v => v.Name))}; keep {plan.Keep}, keep user {plan.KeepUser}\n{run}\n--- left by the rules\n{string.Join('\n', report.HasToGo)}";
        Assert.True(run.ExitCode is 0 or 18, about);
        Assert.True((run.ExitCode == 0) == (report.First is null), about);
        Assert.All(before, file => Assert.True(file.Value == machine.Files.ReadFile(file.Key), $"{file.Key} has changed\n{about}"));
        Assert.True(run.Error.Length == 0, about);
        var after = Snapshot(machine);
        var changed = whole.Keys.Union(after.Keys).Where(path => whole.GetValueOrDefault(path) != after.GetValueOrDefault(path));
        Assert.All(changed, path => Assert.True(IsOfTheTables(path) || AlsoChanged.Any(also => also == path || (also[^1] == '/' && path.StartsWith(also, StringComparison.Ordinal))), $"{path} has changed\n{about}"));
    }

    private static bool IsOfTheTables(string path) => LinuxResidueRules.All.Where(rule => rule.HasToGo).Any(rule =>
        rule.Below.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal))
        || rule.Paths.SelectMany(pattern => pattern[0] == '~' ? ((string[])["/root", "/home/appsvc", "/srv/login"]).Select(home => home + pattern[1..]) : [pattern.Replace("{user}", "packer", StringComparison.Ordinal)])
            .Any(pattern => Prefixes(path).Any(prefix => prefix.Count(c => c == '/') == pattern.Count(c => c == '/') && NamePattern.IsMatch(prefix, pattern))));

    // A path and the folders above it: of a folder that goes, all goes.
    private static IEnumerable<string> Prefixes(string path)
    {
        for (; path.Length > 0; path = path[..path.LastIndexOf('/')])
        {
            yield return path;
        }
    }

    private static string PathOf(string pattern) => pattern.Replace("~/", "/home/appsvc/", StringComparison.Ordinal).Replace("{user}", "packer", StringComparison.Ordinal).Replace("*", "planted", StringComparison.Ordinal);

    private static ResidueReport Check(LinuxTestMachine machine, GeneralizationPolicy? policy = null) =>
        LinuxResidue.CheckGeneralized(new ScratchFiles(machine.Files), policy ?? new GeneralizationPolicy { Users = ["packer"] }, TestContext.Current.CancellationToken);

    private sealed record Variation(string Name, Action<ScratchMachine> Change);
}
