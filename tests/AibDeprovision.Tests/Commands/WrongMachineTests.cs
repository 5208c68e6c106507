using System.Management.Automation;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>The on-VM cmdlets where they cannot work: one clear terminating error each.</summary>
public sealed class WrongMachineTests
{
    public static TheoryData<string> OnTheVm =>
        ["Wait-AibGuestAgentService", "Get-AibSysprepState", "Test-AibSysprepState", "Wait-AibSysprepState", "Invoke-AibSysprep", "Invoke-AibDeprovision"];

    [Theory]
    [MemberData(nameof(OnTheVm))]
    public void Off_Windows_there_is_one_error(string cmdlet)
    {
        Assert.SkipWhen(Host.Platform == DeprovisionPlatform.Windows, "This is Windows.");
        using var engine = new EngineSession();
        AssertRefused(engine.Run(Caught(cmdlet)), cmdlet, $"{cmdlet} works on the Windows VM itself, and this is not Windows.");
    }

    [Theory]
    [MemberData(nameof(OnTheVm))]
    public void In_a_32_bit_process_on_64_bit_Windows_there_is_one_error(string cmdlet)
    {
        using var session = new SimulatedSession();
        session.Vm.Environment["PROCESSOR_ARCHITEW6432"] = "AMD64";
        var version = session.Vm.Version;
        AssertRefused(session.Run(Caught(cmdlet)), cmdlet, $"{cmdlet} needs a 64-bit process: this 32-bit one is shown other files and keys than Sysprep is.");
        Assert.Equal(version, session.Vm.Version);
    }

    // Only a terminating error comes to catch.
    private static string Caught(string cmdlet) => $"try {{ {cmdlet} }} catch {{ throw }}; 'went on'";

    private static void AssertRefused(EngineResult result, string cmdlet, string message)
    {
        Assert.Empty(result.Output);
        Assert.NotNull(result.Terminating);
        NewAibDeprovisionScriptTests.AssertError(result.Error, "PlatformNotSupported");
        Assert.Equal($"PlatformNotSupported,AibDeprovision.Commands.{cmdlet.Replace("-", "", StringComparison.Ordinal)}Command", result.Error.FullyQualifiedErrorId);
        Assert.Equal((ErrorCategory.NotEnabled, cmdlet, message), (result.Error.CategoryInfo.Category, result.Error.TargetObject, result.Error.Exception.Message));
    }
}
