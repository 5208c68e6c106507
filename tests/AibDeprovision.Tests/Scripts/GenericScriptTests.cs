using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The generic scripts are the documented texts, byte for byte.</summary>
public sealed class GenericScriptTests
{
    private const string AgentWaits = """
        Write-Output '>>> Waiting for GA Service (RdAgent) to start ...'
        while ((Get-Service RdAgent).Status -ne 'Running') { Start-Sleep -s 5 }
        Write-Output '>>> Waiting for GA Service (WindowsAzureTelemetryService) to start ...'
        while ((Get-Service WindowsAzureTelemetryService) -and ((Get-Service WindowsAzureTelemetryService).Status -ne 'Running')) { Start-Sleep -s 5 }
        Write-Output '>>> Waiting for GA Service (WindowsAzureGuestAgent) to start ...'
        while ((Get-Service WindowsAzureGuestAgent).Status -ne 'Running') { Start-Sleep -s 5 }

        """;

    private const string SysprepAndPoll = """
        & $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit
        while($true) {
          $imageState = (Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State).ImageState
          Write-Output $imageState
          if ($imageState -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { break }
          Start-Sleep -s 5
        }
        Write-Output '>>> Sysprep complete ...'

        """;

    private const string Windows2 = AgentWaits + """
        Write-Output '>>> Sysprepping VM ...'
        if( Test-Path $Env:SystemRoot\system32\Sysprep\unattend.xml ) {
          Remove-Item $Env:SystemRoot\system32\Sysprep\unattend.xml -Force
        }

        """ + SysprepAndPoll;

    private const string Windows3 = AgentWaits + """
        if( Test-Path $Env:SystemRoot\system32\Sysprep\unattend.xml ) {
          Write-Output '>>> Removing Sysprep\unattend.xml ...'
          Remove-Item $Env:SystemRoot\system32\Sysprep\unattend.xml -Force
        }
        if (Test-Path $Env:SystemRoot\Panther\unattend.xml) {
          Write-Output '>>> Removing Panther\unattend.xml ...'
          Remove-Item $Env:SystemRoot\Panther\unattend.xml -Force
        }
        Write-Output '>>> Sysprepping VM ...'

        """ + SysprepAndPoll;

    private const string Linux1 = "/usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0 && sync\n";

    private const string Linux2 = """
        WAAGENT=/usr/sbin/waagent
        waagent -version 1> /dev/null 2>&1
        if [ $? -eq 0 ]; then
          WAAGENT=waagent
        fi
        $WAAGENT -force -deprovision+user && export HISTSIZE=0 && sync

        """;

    [Theory]
    [InlineData(DeprovisionPlatform.Windows, "windows-2", Windows2)]
    [InlineData(DeprovisionPlatform.Windows, "windows-3", Windows3)]
    [InlineData(DeprovisionPlatform.Windows, null, Windows3)]
    [InlineData(DeprovisionPlatform.Linux, "linux-1", Linux1)]
    [InlineData(DeprovisionPlatform.Linux, "linux-2", Linux2)]
    [InlineData(DeprovisionPlatform.Linux, null, Linux2)]
    public void Generic_is_the_documented_text_byte_for_byte(DeprovisionPlatform platform, string? version, string documented)
    {
        var script = Generate(platform, version);
        var expected = platform == DeprovisionPlatform.Windows ? documented.ReplaceLineEndings("\r\n") : documented;

        Assert.Equal(expected, script.Content);
        Assert.Equal(System.Text.Encoding.ASCII.GetBytes(expected), script.GetBytes());
        Assert.Equal(version ?? GenericScripts.NewestOf(platform), script.Plan.GenericVersion);
    }

    [Fact]
    public void Every_version_that_is_offered_can_be_made_and_is_described()
    {
        foreach (var platform in Enum.GetValues<DeprovisionPlatform>())
        {
            foreach (var version in GenericScripts.VersionsOf(platform))
            {
                Assert.Equal(version, Generate(platform, version.ToUpperInvariant()).Plan.GenericVersion);
                Assert.NotEmpty(GenericScripts.DescriptionOf(version));
            }
        }
    }

    /// <summary>The seed document, where it stands beside the checkout, holds the text of windows-2 and linux-1.</summary>
    [Fact]
    public void Windows_2_and_linux_1_stand_in_the_seed_document()
    {
        var folder = Repository.PathOf("..", "shared", "seed");
        Assert.SkipUnless(Directory.Exists(folder), "The seed document is not beside this checkout.");
        var seed = string.Concat(Directory.EnumerateFiles(folder).Select(File.ReadAllText)).ReplaceLineEndings("\n");

        Assert.Contains(Windows2, seed, StringComparison.Ordinal);
        Assert.Contains(Linux1, seed, StringComparison.Ordinal);
    }

    private static DeprovisionScript Generate(DeprovisionPlatform platform, string? version) =>
        ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform, Profile = DeprovisionProfile.Generic, GenericVersion = version });
}
