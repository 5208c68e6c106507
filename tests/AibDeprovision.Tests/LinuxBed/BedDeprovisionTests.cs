using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>Invoke-AibDeprovision with the real waagent and cloud-init: it does what the hardened script does.</summary>
public sealed class BedDeprovisionTests
{
    private const string Deprovision = "$r = Invoke-AibDeprovision {0} -ErrorAction SilentlyContinue; \"result $($r.Verdict) $($r.ExitCode): $($r.Cause)\"; exit $r.ExitCode";

    [Fact]
    public void It_leaves_the_machine_as_the_script_does()
    {
        using var scripted = BedModule.Start();
        AssertVerdict(scripted.RunScript(Hardened(new())), DeprovisionExitCode.Sealed);
        using var machine = BedModule.Start();

        var run = Run(machine);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("result Sealed 0: the machine is generalized, and that was verified", run.Output[^1]);
        Assert.Equal(scripted.Remaining(), machine.Remaining());
        Assert.Equal("", machine.Read("/etc/machine-id"));
        Assert.DoesNotContain("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
        Assert.Contains(run.Output, line => line.StartsWith(">>> AibDeprovision [", StringComparison.Ordinal) && line.Contains("] waagent: ", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.Contains("] verdict: Sealed (exit code 0): ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_run_is_harmless()
    {
        using var machine = BedModule.Start();
        Assert.Equal(0, Run(machine).ExitCode);
        var remaining = machine.Remaining();

        var again = Run(machine);

        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(remaining, machine.Remaining());
    }

    [Fact]
    public void What_is_to_be_kept_is_kept()
    {
        using var machine = BedModule.Start();

        var run = Run(machine, "-KeepUser -Keep MachineId");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("packer:", machine.Read("/etc/passwd"), StringComparison.Ordinal);
        Assert.Equal(BedMachine.MachineId, machine.Read("/etc/machine-id"));
        AssertSaid(run, "verify: kept: machine-id");
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        using var machine = BedModule.Start();
        var before = machine.Remaining();

        var run = BedModule.Run(machine, "Invoke-AibDeprovision -WhatIf");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(before, machine.Remaining());
        Assert.True(machine.Exists("/var/lib/waagent/provisioned"));
    }

    private static BedRun Run(BedMachine machine, string options = "") => BedModule.Run(machine, Deprovision.Replace("{0}", options, StringComparison.Ordinal));
}
