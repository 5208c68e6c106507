using AibDeprovision.Plans;
using AibDeprovision.Tests.Help;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The module's cmdlets on the build VM itself.</summary>
public sealed class BedModuleTests
{
    [Fact]
    public void A_customizer_can_install_the_script_on_the_build_VM()
    {
        using var machine = BedModule.Start();

        var install = BedModule.Run(machine, "New-AibDeprovisionScript Linux -Keep History | Install-AibDeprovisionScript");
        Assert.True(install.ExitCode == 0, install.ToString());
        var run = machine.Run(["sh", BedMachine.ScriptPath]);

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "verify: kept: histories");
    }

    /// <summary>The two lines that the help gives for a whole deprovision script, as a file.</summary>
    [Theory]
    [InlineData("", "", DeprovisionExitCode.Sealed)]
    [InlineData("rm -f /usr/sbin/waagent", "", DeprovisionExitCode.WaagentNotFound)]
    [InlineData("", "-Nonsense", DeprovisionExitCode.Unexpected)]
    [InlineData("umount /usr/local/share/powershell/Modules/AibDeprovision", "", DeprovisionExitCode.Unexpected)]
    public void The_two_lines_end_with_the_exit_code_of_the_table(string before, string option, DeprovisionExitCode expected)
    {
        using var machine = BedModule.Start(before);
        var lines = HelpTests.ExamplesOf(HelpTests.PageOf("Invoke-AibDeprovision")).First().Code;
        Assert.Equal(2, lines.TrimEnd().Split('\n').Length);
        machine.Sh("cat >/root/two-lines.ps1", lines.Replace("-ErrorAction", $"{option} -ErrorAction", StringComparison.Ordinal));

        var run = machine.Run(BedModule.FileWords("/root/two-lines.ps1"));

        if (expected == DeprovisionExitCode.Unexpected)
        {
            Assert.Equal(((int?)expected, 0), (run.ExitCode, run.Output.Count));
            Assert.NotEqual("", run.Error);
        }
        else
        {
            AssertVerdict(run, expected);
        }
    }
}
