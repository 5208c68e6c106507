using AibDeprovision.Plans;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Scripts of the kinds that people put in the default's place.</summary>
internal static class VariantScripts
{
    private const string Poll = """
        while($true) {
          $imageState = (Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State).ImageState
          Write-Output $imageState
          if ($imageState -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { break }
          Start-Sleep -s 10
        }
        """;

    public const string Unguarded = """
        while ((Get-Service RdAgent).Status -ne 'Running') { Start-Sleep -s 5 }
        while ((Get-Service WindowsAzureTelemetryService).Status -ne 'Running') { Start-Sleep -s 5 }
        & $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit

        """ + Poll;

    public const string DoubledFolder = """
        if( Test-Path $Env:SystemRoot\windows\system32\Sysprep\unattend.xml ){ rm $Env:SystemRoot\windows\system32\Sysprep\unattend.xml -Force }
        & $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit

        """ + Poll;

    public const string Shutdown = """
        & $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /shutdown /quiet

        """ + Poll;

    public const string WaitsForProcess = """
        $p = Start-Process -FilePath "$env:SystemRoot\System32\Sysprep\Sysprep.exe" -ArgumentList '/oobe /generalize /quiet /quit' -Wait -PassThru
        Write-Host "Sysprep ended with $($p.ExitCode)"
        if ($p.ExitCode -ne 0) { exit $p.ExitCode }
        """;

    public const string Retries = """
        $state = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State'
        for ($try = 1; $try -le 10; $try++) {
            Start-Process -FilePath C:\Windows\System32\Sysprep\Sysprep.exe -ArgumentList '/oobe', '/generalize', '/quiet', '/quit' -Wait
            if ((Get-ItemPropertyValue -Path $state -Name ImageState) -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { exit 0 }
            Write-Warning "attempt $try failed"
            Start-Sleep -Seconds 30
        }
        throw 'Sysprep failed ten times'
        """;

    public const string ForeachService = """
        foreach ($service in Get-Service -Name RdAgent, WindowsAzureTelemetryService, WindowsAzureGuestAgent -ErrorAction SilentlyContinue) {
          while ((Get-Service $service.Name).Status -ne 'Running') { Start-Sleep -s 5 }
        }
        & $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit /mode:vm

        """ + Poll;

    public const string Expanded = """
        & C:\Windows\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit
        while(True) { Start-Sleep -s 5 }
        Write-Output '>>> Sysprep complete ...'
        """;

    public const string NoWait = @"& $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit";

    public const string Twice = NoWait + "\n" + Poll + "\nStart-Sleep -s 60\n" + NoWait + "\n" + Poll;

    /// <summary>The default as the in-place patcher of the virtual desktop gallery leaves it: without /quiet.</summary>
    public static string Patched => ScriptGenerator.Generate(new DeprovisionPlan { Profile = DeprovisionProfile.Generic, GenericVersion = "windows-3" }).Content
        .Replace("Sysprep.exe /oobe /generalize /quiet /quit", "Sysprep.exe /oobe /generalize /quit /mode:vm", StringComparison.Ordinal);

    public static string Named(string name) => name == nameof(Patched) ? Patched : (string)typeof(VariantScripts).GetField(name)!.GetRawConstantValue()!;
}
