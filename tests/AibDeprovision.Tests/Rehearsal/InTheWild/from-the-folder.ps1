Push-Location "$env:SystemRoot\System32\Sysprep"
try {
    if (Test-Path .\unattend.xml) { Remove-Item .\unattend.xml }
    Start-Process .\Sysprep.exe -ArgumentList '/oobe /generalize /quiet /quit' -Wait
}
finally {
    Pop-Location
}
cd HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup
$state = (Get-ItemProperty .\State).ImageState
if ($state -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { Write-Output "State after Sysprep: $state"; exit 1 }
