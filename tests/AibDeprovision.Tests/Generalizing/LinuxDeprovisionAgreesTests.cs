using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Tests.Scripts;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>
/// The native Linux deprovision against the hardened script, on machines that differ at random in what a build may have
/// left or broken: the same verdict, the same files afterwards, and the same of it said to be left or kept.
/// </summary>
public sealed class LinuxDeprovisionAgreesTests
{
    private const string Agent = "/etc/sudoers.d/waagent";

    private static readonly Variation[] Variations =
    [
        new("no ovf-env.xml", files => files.Delete("/var/lib/waagent/ovf-env.xml")),
        new("no name in ovf-env.xml", files => files.WriteFile("/var/lib/waagent/ovf-env.xml", "<a><ns1:HostName>x</ns1:HostName></a>\n")),
        new("a name without an account", files => files.WriteFile("/var/lib/waagent/ovf-env.xml", "<a><ns1:UserName>ghost</ns1:UserName></a>\n")),
        new("no rules of cloud-init", files => files.Delete("/etc/sudoers.d/90-cloud-init-users")),
        new("rules of cloud-init for others", files => files.WriteFile("/etc/sudoers.d/90-cloud-init-users", "# x\n%sudo ALL=(ALL) ALL\nsvc ALL=(ALL) ALL\nappsvc ALL=(ALL) ALL\n")),
        new("not provisioned", files => files.Delete("/var/lib/waagent/provisioned")),
        new("no files of the agent", files => files.Delete("/var/lib/waagent")),
        new("rules of others", files => files.WriteFile(Agent, "packer ALL=(ALL) NOPASSWD: ALL\n# packer\npackeradmin ALL=(ALL) ALL\nother ALL=(ALL) ALL\n")),
        new("no rules of the agent", files => files.Delete(Agent)),
        new("rules elsewhere", files => files.WriteFile("/etc/sudoers.d/own", "packer\tALL=(ALL) ALL\npacker2 ALL=(ALL) ALL\nDefaults:packer !requiretty\n")),
        new("host keys are not made anew", files => files.WriteFile("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=n\n")),
        new("no cloud-init", files => files.Delete("/usr/sbin/cloud-init"), machine => machine.Files.Delete("/usr/sbin/cloud-init"), machine =>
        {
            machine.Programs.Remove("cloud-init");
            machine.Delete("/usr/sbin/cloud-init");
        }),
        new("cloud-init is disabled", files => files.WriteFile("/etc/cloud/cloud-init.disabled", "")),
        new("cloud-init may not configure the network", files => files.WriteFile("/etc/cloud/cloud.cfg.d/99.cfg", "network:   {config:   disabled}\n")),
        new("cloud-init has not ended by its file", files =>
        {
            files.Delete("/run/cloud-init/result.json");
            files.WriteFile("/cloud-init-status", "error\n");
        }),
        new("cloud-init cannot clean", Script: machine =>
        {
            if (machine.Files.Exists("/usr/sbin/cloud-init"))
            {
                machine.WriteCommand("cloud-init", "echo broken; exit 1");
            }
        }, Native: machine =>
        {
            if (machine.Programs.ContainsKey("cloud-init"))
            {
                machine.Programs["cloud-init"] = _ => new ProgramRun(1, ["broken"]);
            }
        }),
        new("links", files =>
        {
            files.WriteFile("/etc/precious", Canary);
            files.Delete("/root/.kube");
            files.WriteLink("/home/appsvc/.zsh_history", "/etc/precious");
            files.WriteLink("/var/log/planted.log", "/etc/precious");
            files.WriteLink("/var/lib/dhcp/link", "/etc/precious");
            files.WriteLink("/tmp/link", "/etc");
            files.WriteLink("/home/appsvc/.local/share/powershell", "/etc");
            files.WriteLink("/root/.kube", "/etc");
        }),
        new("SUSE", files => files.WriteFile("/etc/os-release", "ID=\"sles\"\nID_LIKE=\"suse\"\nPRETTY_NAME=\"Scratch Linux 1.0\"\n")),
        new("SUSE with its own file", files =>
        {
            files.WriteFile("/etc/os-release", "ID=opensuse\nPRETTY_NAME=\"Scratch Linux 1.0\"\n");
            files.WriteFile("/etc/sysconfig/network/dhcp", "own\n");
        }),
        new("no hosts", files => files.Delete("/etc/hosts")),
        new("hosts without an end of line", files => files.WriteFile("/etc/hosts", "127.0.1.1\tbuild-vm\r\n127.0.1.10 other\n::1 localhost\n127.0.1.1 x")),
        new("name servers in a file", files =>
        {
            files.Delete("/etc/resolv.conf");
            files.WriteFile("/etc/resolv.conf", "nameserver 168.63.129.16\n");
        }),
        new("an empty machine-id", files => files.WriteFile("/etc/machine-id", "")),
        new("a linked machine-id of D-Bus", files =>
        {
            files.Delete("/var/lib/dbus/machine-id");
            files.WriteLink("/var/lib/dbus/machine-id", "/etc/machine-id");
        }),
        new("root is locked", files => files.WriteFile("/etc/shadow", "root:!$6$x:19000:0:99999:7:::\npacker:!:19000::::::\n")),
        new("root cannot be locked", Script: machine => machine.WriteCommand("usermod", "exit 1"), Native: machine => machine.Programs["usermod"] = _ => new ProgramRun(1, [])),
        new("the user cannot be deleted", Script: machine => machine.WriteCommand("userdel", "exit 1"), Native: machine => machine.KeepsUsers = true),
        new("more logs", files =>
        {
            foreach (var name in (string[])["deep/er/x.log", "x.log.12", "x.log.123", "y-20260101.gz", "y-20260101-1", "z.old", "z.old.log", "empty.1", "cloud-init-output.log", "apt/cloud-init.x", "azure/ext/1.log"])
            {
                files.WriteFile("/var/log/" + name, name.StartsWith("empty", StringComparison.Ordinal) ? "" : Canary);
            }
        }),
        new("more temporary files", files =>
        {
            files.WriteFile("/tmp/script_9/inner", Canary);
            files.WriteFile("/tmp/script_9.sh", Canary);
            files.WriteFile("/var/tmp/script_9.sh", Canary);
            files.WriteFile("/tmp/a/script_9", Canary);
            files.AddFolder("/tmp/empty/folder");
        }),
        new("another home", files => files.WriteFile("/etc/passwd", files.ReadFile("/etc/passwd")!.Replace("/home/packer:", "/home/appsvc:", StringComparison.Ordinal))),
        new("a home of nobody else", files =>
        {
            files.WriteFile("/etc/passwd", files.ReadFile("/etc/passwd")!.Replace("/home/packer:", "/home/elsewhere:", StringComparison.Ordinal));
            files.WriteFile("/home/elsewhere/notes", Canary);
        }),
        new("interfaces of cloud-init", files => files.WriteFile("/etc/sysconfig/network/ifcfg-eth0", "# Created by cloud-init automatically\n")),
        new("two names in ovf-env.xml", files => files.WriteFile("/var/lib/waagent/ovf-env.xml", "<a><ns1:UserName>packer</ns1:UserName><UserName>appsvc</UserName></a>\n")),
        new("settings in cloud-init's rules", files => files.WriteFile("/etc/sudoers.d/90-cloud-init-users", "Defaults !requiretty\nDefaults x=y\nUser_Alias X = packer\npacker ALL=(ALL) ALL\n")),
        new("rules that go on", files => files.WriteFile("/etc/sudoers.d/long", "packer ALL=(ALL) /bin/a, \\\n  /bin/b, \\\n  /bin/c\nappsvc ALL=(ALL) /bin/a, \\\n  /bin/b\npacker ALL=/bin/d \\\n")),
        new("a waagent that removes machine-id", Script: machine => machine.WriteCommand("waagent", "[ \"$1\" = -version ] || rm -f /etc/machine-id\n" + machine.Files.ReadFile("/usr/sbin/waagent")!.Replace("#!/bin/sh\n", "", StringComparison.Ordinal)), Native: machine => machine.OnDeprovision(words =>
        {
            machine.Delete("/etc/machine-id");
            return machine.Deprovision(words);
        })),
        new("rules for several", files => files.WriteFile("/etc/sudoers.d/several", "# packer, appsvc\npacker,appsvc ALL=(ALL) ALL\nUser_Alias OPS=appsvc,packer\npackeradmin,packer2 ALL=(ALL) ALL\nDefaults:packer !requiretty\n")),
        new("a generator that is off", files => files.WriteFile("/etc/udev/rules.d/75-persistent-net-generator.rules", "")),
        new("waagent fails", Script: machine => WriteAgent(machine, "echo 'OSError: [Errno 16] busy'; exit 3"), Native: machine => machine.OnDeprovision(_ => new ProgramRun(3, ["OSError: [Errno 16] busy"]))),
        new("waagent logs its failure", Script: machine => WriteAgent(machine, "echo \"ERROR Failed to run 'deprovision': no\""), Native: machine => machine.OnDeprovision(_ => FolderLinuxMachine.Said("ERROR Failed to run 'deprovision': no"))),
        new("no waagent", Script: machine => machine.Files.Delete("/usr/sbin/waagent"), Native: machine => machine.Delete("/usr/sbin/waagent")),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Script_and_cmdlet_agree(int seed)
    {
        RequireShell("dash");
        // The same numbers on every machine; the failures of waagent end a run early, so they are rare.
        var random = new Random(seed);
        var variations = Variations.Where((_, i) => random.Next(i >= Variations.Length - 3 ? 20 : 5) == 0).ToList();
        var plan = new DeprovisionPlan
        {
            KeepUser = random.Next(6) == 0,
            Keep = Enum.GetValues<ResidueKinds>().Where(_ => random.Next(6) == 0).Aggregate(ResidueKinds.None, (all, item) => all | item),
        };
        string[] callers = ["", "packer", "appsvc", "root", "ghost"];
        var caller = callers[random.Next(callers.Length)];
        var about = $"seed {seed}: {string.Join(", ", variations.Select(v => v.Name))}; keep {plan.Keep}, keep user {plan.KeepUser}, called by '{caller}'";

        var scripted = SeededMachine("dash");
        var hosts = scripted.Files.Files.Keys.ToHashSet(StringComparer.Ordinal);
        var seeded = new ScratchMachine();
        Seed(seeded);
        hosts.ExceptWith(seeded.Files.Keys);
        variations.ForEach(v => v.Files?.Invoke(scripted.Files));
        variations.ForEach(v => v.Script?.Invoke(scripted));
        var script = RunPlan(scripted, "dash", plan, new() { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SUDO_USER"] = caller } });

        variations.ForEach(v => v.Files?.Invoke(seeded));
        using var machine = new FolderLinuxMachine(seeded) { SudoUser = caller.Length > 0 ? caller : null };
        variations.ForEach(v => v.Native?.Invoke(machine));
        var native = LinuxDeprovisionRun.On(machine, plan);

        var both = $"{about}\n{script}\n--- native\n{native}";
        Assert.True(script.ExitCode == native.Result.ExitCode, both);
        Assert.True(Facts(script.Output).SequenceEqual(Facts(native.Lines)), both);
        var expected = Snapshot(scripted).Where(file => !hosts.Contains(file.Key) && file.Key != DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Linux)).Select(file => $"{file.Key}: {file.Value}");
        var actual = machine.Snapshot().Where(file => file.Key != DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Linux)).Select(file => $"{file.Key}: {file.Value}");
        Assert.True(expected.SequenceEqual(actual), $"{both}\n--- only by the script\n{string.Join('\n', expected.Except(actual))}\n--- only by the cmdlet\n{string.Join('\n', actual.Except(expected))}");
        Assert.True(scripted.Files.Exists("/tmp/DeprovisioningScript.sh") == machine.Exists("/tmp/DeprovisioningScript.sh"), both);
    }

    // What is left and kept, by path and reason; and who the user is.
    private static IEnumerable<string> Facts(IEnumerable<string> lines) => lines
        .Select(line => Regex.Match(line, "] (verify: (left|kept): .*|waagent: the provisioned user .*|waagent: restored .*|clean: deleted .*|verdict: .*)$", RegexOptions.None, TimeSpan.FromSeconds(1)))
        .Where(match => match.Success)
        .Select(match => Regex.Replace(match.Groups[1].Value, " left, first .*", " left", RegexOptions.None, TimeSpan.FromSeconds(1)))
        .Order(StringComparer.Ordinal);

    private sealed record Variation(string Name, Action<ScratchMachine>? Files = null, Action<LinuxTestMachine>? Script = null, Action<FolderLinuxMachine>? Native = null);
}
