using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Tests.Scripts;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Rules;

/// <summary>The table of the check against the hardened script: what the script clears it finds before and not after.</summary>
public sealed class SeededMachineTests
{
    public static TheoryData<string> Switches => ["", "User", .. Enum.GetNames<ResidueKinds>().Where(name => name != nameof(ResidueKinds.None))];

    [Theory]
    [MemberData(nameof(Switches))]
    public void What_the_hardened_script_leaves_is_no_residue(string name)
    {
        var machine = SeededMachine("dash");
        var keep = Enum.TryParse(name, out ResidueKinds items) ? items : ResidueKinds.None;
        AssertVerdict(RunPlan(machine, "dash", new() { Keep = keep, KeepUser = name == "User" }), DeprovisionExitCode.Sealed);

        var findings = Check(machine, new() { Keep = keep, KeepUser = name == "User", Users = ["packer"] });

        Assert.All(findings, f => Assert.True(f.Severity == Severity.Information, f.ToString()));
        // What was kept is told.
        Assert.Equal(name.Length > 0, findings.Any(f => f.Message.EndsWith("Kept, as asked for.", StringComparison.Ordinal)));
    }

    [Fact]
    public void All_that_the_hardened_script_clears_is_found_before_it_has_run()
    {
        var machine = SeededMachine("dash");
        var found = Check(machine, new()).Where(f => f.Severity != Severity.Information).Select(f => f.File!).ToHashSet(StringComparer.Ordinal);

        var kept = KeptPaths("").ToHashSet(StringComparer.Ordinal);
        Assert.All(AllPaths(), path => Assert.True(kept.Contains(path) != found.Any(f => path == f || path.StartsWith(f + "/", StringComparison.Ordinal)), path));
    }

    [Fact]
    public void Nothing_that_files_hold_is_told()
    {
        var machine = SeededMachine("dash");
        foreach (var path in machine.Files.Files.Where(file => file.Value.Kind == MachineFileKind.File && file.Key is not "/etc/passwd").Select(file => file.Key).Where(path => path.StartsWith("/etc/", StringComparison.Ordinal)).ToList())
        {
            machine.Files.WriteFile(path, machine.Files.ReadFile(path) + $"{Canary} {Canary}\n127.0.1.1 {Canary}\n");
        }
        var findings = Check(machine, new());
        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.DoesNotContain(Canary, string.Join('\n', f.Message, f.Remedy, f.File, f.Evidence), StringComparison.Ordinal));
    }

    [Fact]
    public void Only_settings_and_lists_of_accounts_are_opened()
    {
        var machine = SeededMachine("dash");
        var counted = new CountedFiles(new ScratchFiles(machine.Files));
        LinuxResidue.Check(counted, new GeneralizationPolicy(), TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "/etc/hosts", "/etc/passwd", "/etc/shadow", "/etc/subgid", "/etc/subuid", "/etc/sudoers", "/etc/sudoers.d/90-cloud-init-users", "/etc/sudoers.d/appsvc",
                "/etc/sudoers.d/azure-init-user", "/etc/sudoers.d/waagent", "/etc/sysconfig/network-scripts/ifcfg-eth0", "/etc/sysconfig/network-scripts/ifcfg-eth1", "/var/lib/waagent/ovf-env.xml",
            ],
            counted.Opened.Distinct().Where(path => !path.StartsWith("/proc/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.InRange(counted.Opened.Count, 1, 20);
    }

    private static IReadOnlyList<Finding> Check(LinuxTestMachine machine, GeneralizationPolicy policy) =>
        LinuxResidue.Check(new ScratchFiles(machine.Files), policy, TestContext.Current.CancellationToken);
}
