using System.Diagnostics;
using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>Test-AibGeneralization on build VMs that the real waagent and the hardened script have deprovisioned.</summary>
public sealed class BedGeneralizationTests(ITestOutputHelper output)
{
    private const string Check = "Test-AibGeneralization {0} | ForEach-Object { \"$($_.Severity)|$($_.RuleId)|$($_.File)|$($_.Message) $($_.Remedy) $($_.Evidence)\" }";

    // What belongs to a user of the image or was installed for root, and holds no login.
    private static readonly string[] Meant = ["/root/.cache/", "/root/.azure/cliextensions/", "/home/appsvc/.cache/", "/home/appsvc/.azure/cliextensions/"];

    [Fact]
    public void What_the_documented_default_leaves_is_named()
    {
        using var machine = BedModule.Start();
        Assert.Equal(0, machine.RunScript(Generic("linux-2")).ExitCode);
        var left = machine.Remaining();

        var findings = Findings(machine, "");

        Assert.NotEmpty(left);
        Assert.All(left.Where(file => !Array.Exists(Meant, file.StartsWith)), file =>
            Assert.Contains(findings, finding => finding.File == file || file.StartsWith(finding.File.TrimEnd('/') + "/", StringComparison.Ordinal)));
        // And nothing that is not there.
        var named = findings.Where(finding => finding.Severity != "Information").Select(finding => finding.File).Distinct(StringComparer.Ordinal).ToList();
        Assert.Equal("", machine.Sh("while read -r path; do [ -e \"$path\" ] || [ -L \"$path\" ] || echo \"$path\"; done", string.Join('\n', named) + "\n"));
        Assert.Contains(findings, finding => finding is { Rule: "MachineId", Severity: "Error" });
        Assert.Contains(findings, finding => finding is { Rule: "CloudInitSudoRules", Severity: "Error" });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_the_hardened_script_and_after_the_cmdlet_there_is_none(bool byCmdlet)
    {
        using var machine = BedModule.Start();
        if (byCmdlet)
        {
            BedModule.Run(machine, "Invoke-AibDeprovision");
        }
        else
        {
            AssertVerdict(machine.RunScript(Hardened(new())), DeprovisionExitCode.Sealed);
        }

        Assert.DoesNotContain(Findings(machine, ""), finding => finding.Severity != "Information");
        Assert.Equal("True", BedModule.Run(machine, "Test-AibGeneralization -Quiet").Output[^1]);
    }

    [Fact]
    public void What_is_kept_is_information()
    {
        using var machine = BedModule.Start();
        AssertVerdict(machine.RunScript(Hardened(new() { KeepUser = true, Keep = ResidueKinds.MachineId | ResidueKinds.Credentials | ResidueKinds.RootSshKeys })), DeprovisionExitCode.Sealed);

        var kept = Findings(machine, "-KeepUser -Keep MachineId, Credentials, RootSshKeys");

        Assert.DoesNotContain(kept, finding => finding.Severity != "Information");
        Assert.Contains(kept, finding => finding.Rule == "MachineId");
        Assert.Contains(kept, finding => finding.Rule == "RootCredentials");
        Assert.Contains(Findings(machine, ""), finding => finding is { Rule: "MachineId", Severity: "Error" });
    }

    [Fact]
    public void A_mounted_image_is_checked_without_running_in_it()
    {
        using var machine = BedModule.Start();
        var time = Stopwatch.StartNew();
        var outside = Findings(machine.RunBeside(BedModule.WordsOutside(Check.Replace("{0}", $"-Root '{machine.Root}'", StringComparison.Ordinal))));
        output.WriteLine($"Test-AibGeneralization -Root, the start of PowerShell included: {time.Elapsed.TotalSeconds:0.00} s");
        Assert.NotEmpty(outside);
        Assert.Equal(Findings(machine, ""), outside);
    }

    private static List<(string Severity, string Rule, string File)> Findings(BedMachine machine, string options) =>
        Findings(BedModule.Run(machine, Check.Replace("{0}", options, StringComparison.Ordinal)));

    private static List<(string Severity, string Rule, string File)> Findings(BedRun run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.DoesNotContain(run.Output, line => line.Contains(BedMachine.Canary, StringComparison.Ordinal));
        return [.. run.Output.Where(line => line.Contains('|', StringComparison.Ordinal)).Select(line => line.Split('|')).Select(parts => (parts[0], parts[1], parts[2]))];
    }
}
