using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>What the native Linux deprovision clears and keeps: by the same table as the hardened script.</summary>
public sealed class LinuxDeprovisionTests : IDisposable
{
    private readonly FolderLinuxMachine _machine = new();

    public static TheoryData<string> Switches => ["User", .. Enum.GetNames<ResidueKinds>().Where(name => name != nameof(ResidueKinds.None))];

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Nothing_of_the_table_survives()
    {
        Run().Ended(DeprovisionExitCode.Sealed, "the machine is generalized, and that was verified").Said("start: Scratch Linux 1.0; /usr/sbin/waagent, WALinuxAgent-2.15.0.1; deadline 3600 s");

        Assert.Equal(KeptPaths(""), _machine.Surviving);
        Assert.Equal("", _machine.Read("/etc/machine-id"));
        Assert.False(_machine.Exists("/var/lib/dbus/machine-id"));
        Assert.False(_machine.Exists("/etc/sudoers.d/waagent"));
        Assert.DoesNotContain("packer:", _machine.Read("/etc/passwd") + _machine.Read("/etc/subuid") + _machine.Read("/etc/subgid"), StringComparison.Ordinal);
        Assert.Equal("Defaults env_reset\nroot ALL=(ALL) ALL\npackeradmin ALL=(ALL) ALL\n", _machine.Read("/etc/sudoers"));
        Assert.Equal("127.0.0.1 localhost\n", _machine.Read("/etc/hosts"));
        Assert.Equal("/run/systemd/resolve/stub-resolv.conf", _machine.Target("/etc/resolv.conf"));
        Assert.Equal("", _machine.Read("/var/log/auth.log"));
        Assert.StartsWith("root:*:", _machine.Read("/etc/shadow"), StringComparison.Ordinal);
        Assert.Equal("sync", _machine.Calls[^1]);
        // Whoever looks at the image finds nothing to mend.
        Assert.All(LinuxResidue.Check(_machine.Files, new GeneralizationPolicy { Users = ["packer"] }, TestContext.Current.CancellationToken), f => Assert.Equal(Severity.Information, f.Severity));
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void A_switch_keeps_exactly_its_own(string name)
    {
        Run(new() { KeepUser = name == "User", Keep = Enum.TryParse(name, out ResidueKinds items) ? items : ResidueKinds.None })
            .Ended(DeprovisionExitCode.Sealed).Said("verify: kept: ");

        Assert.Equal(KeptPaths(name), _machine.Surviving);
        Assert.Equal(name == "MachineId" ? MachineId : "", _machine.Read("/etc/machine-id"));
        Assert.Equal(name == "MachineId", _machine.Exists("/var/lib/dbus/machine-id"));
        Assert.Equal(name == "User", _machine.Read("/etc/passwd")!.Contains("packer:", StringComparison.Ordinal));
        Assert.Equal(name == "User", _machine.Read("/etc/sudoers")!.Contains("packer ALL", StringComparison.Ordinal));
        Assert.Equal(name == "CloudInit", _machine.Read("/etc/hosts")!.Contains("127.0.1.1", StringComparison.Ordinal));
        Assert.Contains(name == "User" ? "waagent -force -deprovision" : "waagent -force -deprovision+user", _machine.Calls);
    }

    [Fact]
    public void A_second_run_is_harmless()
    {
        Run().Ended(DeprovisionExitCode.Sealed);
        var before = _machine.Snapshot();

        Run().Ended(DeprovisionExitCode.Sealed);

        Assert.Equal(before, _machine.Snapshot());
    }

    [Fact]
    public void The_script_goes_when_sealed_and_stays_when_not()
    {
        _machine.Programs["userdel"] = _ => FolderLinuxMachine.Said();
        _machine.Delete("/var/lib/waagent/ovf-env.xml");
        Run().Ended(DeprovisionExitCode.ResidueLeft, "first /etc/passwd (the account packer)");
        Assert.True(_machine.Exists("/tmp/DeprovisioningScript.sh"));
        _machine.Edit("/etc/passwd", text => text.Replace("packer:x:1000:1000::/home/packer:/bin/bash\n", "", StringComparison.Ordinal));
        _machine.Delete("/home/packer");
        Run(new() { Keep = ResidueKinds.TempFiles }).Ended(DeprovisionExitCode.Sealed);
        Assert.False(_machine.Exists("/tmp/DeprovisioningScript.sh"));
    }

    [Fact]
    public void What_cannot_be_removed_is_named_and_the_rest_goes()
    {
        _machine.Changes = new RefusingChanges(_machine.Changes, "/var/lib/systemd/credential.secret", "/etc/machine-id");

        var run = Run().Ended(DeprovisionExitCode.ResidueLeft, "2 left, first ");

        run.Said("verify: left: /etc/machine-id (every VM would have the same one)").Said("verify: left: /var/lib/systemd/credential.secret (secrets of this machine)");
        Assert.Contains("    | /etc/machine-id: refused by the test", run.Lines);
        Assert.Equal(["MachineId /etc/machine-id", "MachineSecrets /var/lib/systemd/credential.secret"], run.Result.Findings.Select(f => $"{f.RuleId} {f.File}"));
        Assert.Equal(KeptPaths("").Append("/var/lib/systemd/credential.secret").Order(StringComparer.Ordinal), _machine.Surviving.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_home_that_outlives_its_user_is_residue()
    {
        _machine.Edit("/etc/passwd", text => text.Replace("/home/packer", "/home/elsewhere", StringComparison.Ordinal));
        _machine.Write("/home/elsewhere/notes", "");
        _machine.Programs["userdel"] = words => _machine.Edit("/etc/passwd", text => text.Replace("packer:x:1000:1000::/home/elsewhere:/bin/bash\n", "", StringComparison.Ordinal));
        _machine.Delete("/var/lib/waagent/ovf-env.xml");
        Run().Ended(DeprovisionExitCode.ResidueLeft).Said("left: /home/elsewhere (the home of packer)").Said("left: /home/packer (the home of packer)");
    }

    [Fact]
    public void A_cloud_init_that_cannot_clean_is_helped()
    {
        _machine.Programs["cloud-init"] = _ => new ProgramRun(1, ["ValueError: broken"]);
        var run = Run().Ended(DeprovisionExitCode.Sealed).Said("clean: cloud-init clean --logs --seed failed; its state is removed without it");
        Assert.Contains("    | ValueError: broken", run.Lines);
        Assert.Equal(KeptPaths(""), _machine.Surviving);
    }

    [Fact]
    public void Scripts_that_cloud_init_clean_takes_along_are_named()
    {
        _machine.Write("/var/lib/cloud/scripts/per-boot/own.sh", "true");
        Run().Said("clean: cloud-init clean will also remove the scripts in /var/lib/cloud/scripts (1)");
    }

    [Fact]
    public void Where_nothing_makes_new_ones_host_keys_and_network_files_stay()
    {
        _machine.Programs.Remove("cloud-init");
        _machine.Delete("/usr/sbin/cloud-init");
        _machine.Write("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=n\n");

        Run().Ended(DeprovisionExitCode.Sealed).Said("kept: SSH host keys").Said("kept: network files").Said("cloud-init: absent");

        Assert.True(_machine.Exists("/etc/ssh/ssh_host_ed25519_key"));
        Assert.True(_machine.Exists("/etc/netplan/50-cloud-init.yaml"));
        Assert.False(_machine.Exists("/var/lib/cloud/data/set-hostname"));
    }

    [Fact]
    public void Where_cloud_init_may_not_configure_the_network_its_files_stay()
    {
        _machine.Write("/etc/cloud/cloud.cfg.d/99-off.cfg", "network: {config: disabled}\n");
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.True(_machine.Exists("/etc/netplan/50-cloud-init.yaml"));
        Assert.False(_machine.Exists("/etc/ssh/ssh_host_ed25519_key"));
    }

    [Fact]
    public void A_last_line_that_goes_takes_no_end_of_line_along()
    {
        _machine.Write("/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 build-vm");
        _machine.Write("/etc/sudoers.d/own", "packer ALL=(ALL) ALL");
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Equal("127.0.0.1 localhost\n", _machine.Read("/etc/hosts"));
        Assert.Equal("", _machine.Read("/etc/sudoers.d/own"));
    }

    [Fact]
    public void What_switches_the_generator_of_network_names_off_stays()
    {
        _machine.Delete("/etc/udev/rules.d/75-persistent-net-generator.rules");
        _machine.Link("/etc/udev/rules.d/75-persistent-net-generator.rules", "/dev/null");
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Equal("/dev/null", _machine.Target("/etc/udev/rules.d/75-persistent-net-generator.rules"));
    }

    [Fact]
    public void Where_systemd_keeps_the_machine_id_elsewhere_it_is_emptied_there()
    {
        _machine.Delete("/etc/machine-id");
        _machine.Write("/usr/share/machine-id", MachineId);
        _machine.Link("/etc/machine-id", "../usr/share/machine-id");
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Equal("", _machine.Read("/usr/share/machine-id"));
        Assert.Equal("../usr/share/machine-id", _machine.Target("/etc/machine-id"));
    }

    [Fact]
    public void What_services_write_after_the_cleaning_is_no_residue()
    {
        _machine.Changes = new LateLog(_machine.Changes, () => _machine.Write("/var/log/auth.log", "session closed\n"));
        Run().Ended(DeprovisionExitCode.Sealed);
        Assert.Equal("session closed\n", _machine.Read("/var/log/auth.log"));
    }

    [Fact]
    public void A_machine_that_has_almost_nothing_is_sealed_as_well()
    {
        foreach (var path in (string[])["/boot", "/etc", "/home", "/root", "/run", "/srv", "/tmp", "/var"])
        {
            _machine.Delete(path);
        }
        _machine.Write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        _machine.Programs.Clear();
        _machine.Programs["waagent"] = _ => FolderLinuxMachine.Said();
        Run().Ended(DeprovisionExitCode.Sealed).Said("start: unknown system; /usr/sbin/waagent, unknown version");
    }

    private LinuxDeprovisionRun Run(DeprovisionPlan? plan = null) => LinuxDeprovisionRun.On(_machine, plan);

    /// <summary>Does all but what the test forbids.</summary>
    private sealed class RefusingChanges(ILinuxChanges inner, params string[] refused) : ChangesAround(inner)
    {
        protected override void Before(string path)
        {
            if (refused.Contains(path, StringComparer.Ordinal))
            {
                throw new AibException(ErrorId.WriteFailed, $"{path}: refused by the test", "", path);
            }
        }
    }

    /// <summary>Lets a service write when the temporary folders are emptied, which is the last step.</summary>
    private sealed class LateLog(ILinuxChanges inner, Action write) : ChangesAround(inner)
    {
        protected override void Before(string path)
        {
            if (path == "/tmp")
            {
                Thread.Sleep(30);
                write();
            }
        }
    }

    private abstract class ChangesAround(ILinuxChanges inner) : ILinuxChanges
    {
        public void Remove(string path) => Do(path, () => inner.Remove(path));

        public void RemoveBelow(string folder, Func<string, bool> stays) => Do(folder, () => inner.RemoveBelow(folder, stays));

        public void RemoveEmptyFolder(string path) => Do(path, () => inner.RemoveEmptyFolder(path));

        public void Empty(string path) => Do(path, () => inner.Empty(path));

        public void EditLines(string path, Func<IReadOnlyList<string>, IEnumerable<string>> edit) => Do(path, () => inner.EditLines(path, edit));

        public void Create(string path, string text) => Do(path, () => inner.Create(path, text));

        public void Link(string path, string target) => Do(path, () => inner.Link(path, target));

        protected abstract void Before(string path);

        private void Do(string path, Action change)
        {
            Before(path);
            change();
        }
    }
}
