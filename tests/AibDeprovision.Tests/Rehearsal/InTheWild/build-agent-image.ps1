if (Test-Path "$env:SystemRoot\System32\Sysprep\unattend.xml") {
    Remove-Item "$env:SystemRoot\System32\Sysprep\unattend.xml" -Force
}
& "$env:SystemRoot\System32\Sysprep\Sysprep.exe" /oobe /generalize /mode:vm /quiet /quit
do {
    $imageState = Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State' | Select-Object -ExpandProperty ImageState
    Write-Host "State: $imageState"
    Start-Sleep -Seconds 10
} until ($imageState -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE')
