using AibDeprovision.Plans;
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
}
