using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine.Windows.Live;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>The trace that a sealed Windows machine carries: the script and the cmdlet leave the same, on VMs of their own.</summary>
public sealed class SealTraceTests
{
    private const string Folder = @"C:\ProgramData\AibDeprovision";
    private const string File = Folder + @"\sealed.json";

    public enum Way
    {
        Script,
        Cmdlet,
    }

    [Theory]
    [InlineData(Way.Script)]
    [InlineData(Way.Cmdlet)]
    public void A_sealed_machine_carries_it(Way way)
    {
        var vm = new SimulatedVm();

        var (verdict, lines) = Run(way, vm);

        Assert.Equal(DeprovisionExitCode.Sealed, verdict);
        Assert.Contains(lines, line => line.EndsWith("s] trace: left " + File, StringComparison.Ordinal));
        using var json = JsonDocument.Parse(vm.Files.Read(File)!);
        Assert.Equal(["format", "version", "time", "verdict", "salt", "identity"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1, json.RootElement.GetProperty("format").GetInt32());
        Assert.Equal(SealTrace.Version, Text("version"));
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+", Text("version"));
        Assert.Equal("Sealed", Text("verdict"));
        // The rest of the build goes on for a while.
        Assert.Equal(vm.Clock.UtcNow, json.RootElement.GetProperty("time").GetDateTime(), TimeSpan.FromSeconds(40));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text("salt") + SimulatedUser.MachineSid))), Text("identity"));
        Assert.Equal([File], vm.Files.ChildrenOf(Folder));

        string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
    }

    [Theory]
    [InlineData(Way.Script)]
    [InlineData(Way.Cmdlet)]
    public void Where_it_is_not_wanted_that_of_an_earlier_image_goes_all_the_same(Way way)
    {
        var vm = new SimulatedVm();
        vm.Files.Write(File, "{}");

        var (verdict, lines) = Run(way, vm, new DeprovisionPlan { NoTrace = true });

        Assert.Equal(DeprovisionExitCode.Sealed, verdict);
        Assert.False(vm.Files.Exists(Folder));
        Assert.DoesNotContain(lines, line => line.Contains("] trace:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Way.Script)]
    [InlineData(Way.Cmdlet)]
    public void A_run_that_fails_leaves_none_not_even_that_of_an_earlier_image(Way way)
    {
        var vm = new SimulatedVm();
        vm.Files.Write(File, "{}");
        vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;

        var (verdict, _) = Run(way, vm);

        Assert.Equal(DeprovisionExitCode.SysprepNotSealed, verdict);
        Assert.False(vm.Files.Exists(File));
    }

    [Theory]
    [InlineData(Way.Script, "")]
    [InlineData(Way.Cmdlet, Folder)]
    [InlineData(Way.Cmdlet, File)]
    public void Where_it_cannot_be_left_the_machine_is_sealed_all_the_same(Way way, string unwritable)
    {
        var vm = new SimulatedVm();
        vm.Files.Delete(SimulatedVm.System32 + @"\icacls.exe");

        var (verdict, lines) = Run(way, vm, unwritable: unwritable);

        Assert.Equal(DeprovisionExitCode.Sealed, verdict);
        Assert.Single(lines, line => line.Contains($"] trace: warning: {Folder} is not as it should be: ", StringComparison.Ordinal)
            && line.EndsWith("The machine is sealed all the same.", StringComparison.Ordinal));
        Assert.False(vm.Files.Exists(File));
    }

    [Fact]
    public void Where_the_identity_is_not_to_be_had_the_script_says_so_and_leaves_the_rest()
    {
        var vm = new SimulatedVm();

        var (verdict, lines) = Run(Way.Script, vm, new DeprovisionPlan { BeforeScript = "function global:Get-LocalUser { throw 'no such accounts' }" });

        Assert.Equal(DeprovisionExitCode.Sealed, verdict);
        Assert.Single(lines, line => line.EndsWith("] trace: warning: the identity of this machine is not known: no such accounts", StringComparison.Ordinal));
        Assert.Contains("\"salt\": \"\",\r\n  \"identity\": \"\"\r\n", vm.Files.Read(File), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 4, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255, 255 }, "S-1-5-21-1-2-4294967295")]
    [InlineData(new byte[] { 1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 244, 1, 0, 0 }, "S-1-5-21-1-2-3")]
    [InlineData(new byte[] { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, null)]
    [InlineData(new byte[] { 1, 4, 0, 0, 0, 0, 0, 5, 22, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0 }, null)]
    public void The_machines_part_of_a_SID_is_read_from_its_bytes(byte[] sid, string? text) => Assert.Equal(text, MachineSid.TextOf(sid));

    private static (DeprovisionExitCode Verdict, IReadOnlyList<string> Lines) Run(Way way, SimulatedVm vm, DeprovisionPlan? plan = null, string unwritable = "")
    {
        var cancel = TestContext.Current.CancellationToken;
        plan ??= new DeprovisionPlan();
        if (way == Way.Script)
        {
            var rehearsed = new RehearsalSandbox(new SandboxLimits()).Run(ScriptGenerator.Generate(plan).Content, vm, TimeSpan.FromMinutes(240), cancel);
            return ((DeprovisionExitCode)rehearsed.ExitCode!, rehearsed.Output);
        }
        var machine = new SimulatedMachine(vm);
        machine.Unwritable.Add(unwritable);
        List<string> lines = [];
        return (WindowsDeprovision.Run(machine, plan, (_, line) => lines.Add(line), cancel).Verdict, lines);
    }
}
