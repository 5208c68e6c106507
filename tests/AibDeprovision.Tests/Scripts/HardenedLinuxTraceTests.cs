using System.Security.Cryptography;
using System.Text;
using AibDeprovision.Generalizing;
using AibDeprovision.Plans;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The trace that a sealed Linux machine carries.</summary>
public sealed class HardenedLinuxTraceTests
{
    private const string Trace = SealTrace.LinuxPath;
    private const string Earlier = "format=1\nversion=0.0.1\ntime=2020-01-01T00:00:00Z\nverdict=Sealed\nsalt=5a17\nidentity=ab12\n";

    public static TheoryData<string> Shells => HardenedLinuxRun.Shells;

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_sealed_machine_carries_it(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.WriteFile(Trace, Earlier);

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("", run.Error);
        Assert.Contains(run.Output, line => line.EndsWith("] trace: left " + Trace, StringComparison.Ordinal));
        var values = Read(machine);
        Assert.Equal(["format", "version", "time", "verdict", "salt", "identity"], values.Keys);
        Assert.Equal(("1", SealTrace.Version, "Sealed"), (values["format"], values["version"], values["verdict"]));
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", values["time"]);
        Assert.NotEqual("5a17", values["salt"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(values["salt"] + MachineId.TrimEnd('\n')))), values["identity"]);
        Assert.Equal(SealTrace.IdentityOf(values["salt"], MachineId.TrimEnd('\n')), values["identity"]);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_second_run_still_says_which_machine_it_was(string shell)
    {
        var machine = SeededMachine(shell);
        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);
        var first = Read(machine);

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        var second = Read(machine);
        Assert.NotEqual("", second["identity"]);
        Assert.Equal((first["salt"], first["identity"]), (second["salt"], second["identity"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("uninitialized\n")]
    public void Of_a_machine_without_an_identity_it_says_so(string machineId)
    {
        var machine = SeededMachine("dash");
        machine.Files.WriteFile("/etc/machine-id", machineId);
        machine.Files.WriteFile(Trace, "salt=$(reboot)\nidentity=; reboot\n");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.Sealed);

        Assert.Equal(("", ""), (Read(machine)["salt"], Read(machine)["identity"]));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Where_it_is_not_wanted_that_of_an_earlier_image_goes_all_the_same(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.WriteFile(Trace, Earlier);

        AssertVerdict(RunPlan(machine, shell, new() { NoTrace = true }), DeprovisionExitCode.Sealed);

        Assert.Empty(machine.Files.Below("/var/lib/aibdeprovision"));
    }

    [Fact]
    public void A_run_that_fails_leaves_none_not_even_that_of_an_earlier_image()
    {
        var machine = SeededMachine("dash");
        machine.Files.WriteFile(Trace, Earlier);
        WriteAgent(machine, "exit 3");

        AssertVerdict(RunPlan(machine, "dash", new()), DeprovisionExitCode.WaagentFailed);

        Assert.Null(machine.Files.ReadFile(Trace));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Where_it_cannot_be_written_the_machine_is_sealed_all_the_same(string shell)
    {
        var machine = SeededMachine(shell);
        // A folder where the folder has to be is no hindrance; a file that comes meanwhile is one.
        machine.WriteCommand("usermod", """
            sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
            : >/var/lib/aibdeprovision
            """);

        var run = RunPlan(machine, shell, new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal("", run.Error);
        Assert.Contains(run.Output, line => line.EndsWith($"] trace: warning: {Trace} could not be written; the machine is sealed all the same", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Read(LinuxTestMachine machine) =>
        machine.Files.ReadFile(Trace)!.TrimEnd('\n').Split('\n').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
