# The first documented text: each service is waited for, whether it exists or not.
Write-Output '>>> Waiting for the agent'
while ((Get-Service RdAgent).Status -ne 'Running') { Start-Sleep -s 5 }
while ((Get-Service WindowsAzureTelemetryService).Status -ne 'Running') { Start-Sleep -s 5 }
while ((Get-Service WindowsAzureGuestAgent).Status -ne 'Running') { Start-Sleep -s 5 }
if (Test-Path $Env:SystemRoot\system32\Sysprep\unattend.xml) { Remove-Item $Env:SystemRoot\system32\Sysprep\unattend.xml -Force }
& $Env:SystemRoot\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit
while ($true) {
    $state = Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State | Select-Object ImageState
    if ($state.ImageState -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { Write-Output $state.ImageState; Start-Sleep -s 10 } else { break }
}
