using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Templates.Steps;
using AibDeprovision.Tests.Engine;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>A whole build with Packer, in the order of Azure Image Builder: over ssh, as the user who is deleted by it, with sudo.</summary>
public sealed partial class BedPackerTests
{
    private static readonly string Fixture = Repository.PathOf("tests", "AibDeprovision.Tests", "Fixtures", "packer-linux-hardened.log");

    /// <summary>To keep the log of a new run, run this once with AIB_UPDATE_GOLDEN=1.</summary>
    [Fact]
    public void A_build_succeeds_and_its_log_says_what_the_kept_one_says()
    {
        using var machine = BedMachine.Start();

        var build = machine.Build(Hardened(new()));

        Assert.True(build.ExitCode == 0, build.ToString());
        if (Environment.GetEnvironmentVariable("AIB_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllLines(Fixture, build.Output);
        }
        var markers = MarkersOf(build.Output);
        Assert.Contains("azure-arm: >>> AibDeprovision verdict: Sealed (exit code 0): the machine is generalized, and that was verified", markers);
        Assert.Equal(MarkersOf(File.ReadAllLines(Fixture)), markers);
        Assert.Contains(build.Output, line => line.StartsWith("PACKER OUT Build 'azure-arm' finished after ", StringComparison.Ordinal));
        // The user is gone although it was logged in, and so are Packer's files and the script.
        Assert.DoesNotContain("packer:", machine.Sh("cat /etc/passwd /etc/shadow"), StringComparison.Ordinal);
        Assert.Equal("", machine.Sh("ls -A /tmp"));
        Assert.DoesNotContain(machine.Remaining(), path => path.Contains("packer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_build_whose_deprovisioning_fails_fails_with_the_cause_in_its_log()
    {
        using var machine = BedMachine.Start("rm /usr/sbin/waagent");

        var build = machine.Build(Hardened(new()));

        Assert.Equal(1, build.ExitCode);
        var markers = MarkersOf(build.Output);
        Assert.StartsWith("azure-arm: >>> AibDeprovision verdict: WaagentNotFound (exit code 16): ", markers[^1], StringComparison.Ordinal);
        Assert.Contains(build.Output, line => line.Contains("Script exited with non-zero exit status: 16.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("root")]
    [InlineData("packer")]
    public void The_step_of_a_template_puts_the_script_in_the_place_of_the_default_whoever_that_belongs_to(string owner)
    {
        using var machine = BedMachine.Start($"echo 'echo the default; exit 1' >{BedMachine.ScriptPath}; chown {owner} {BedMachine.ScriptPath}");
        var script = ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Linux, BeforeScript = $"sha256sum {BedMachine.ScriptPath}" });

        var build = machine.BuildInline(CustomizeStep.Inline(script)["inline"]!.ToString());

        Assert.True(build.ExitCode == 0, build.ToString());
        Assert.Contains($"PACKER OUT     azure-arm: >>> AibDeprovision customizer: wrote {BedMachine.ScriptPath} (SHA-256 {script.Sha256})", build.Output);
        // The script that the last step has run tells the hash of its own file.
        Assert.Contains(build.Output, line => line.EndsWith($"{script.Sha256}  {BedMachine.ScriptPath}", StringComparison.Ordinal));
        Assert.StartsWith("azure-arm: >>> AibDeprovision verdict: Sealed (exit code 0): ", MarkersOf(build.Output)[^1], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^PACKER OUT +(azure-arm: >>> AibDeprovision )\[ *\d+\.\ds\] (.*)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marker();

    /// <summary>The lines of the script without their times.</summary>
    private static string[] MarkersOf(IEnumerable<string> log) =>
        [.. log.Select(line => Marker().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value + m.Groups[2].Value)];
}
