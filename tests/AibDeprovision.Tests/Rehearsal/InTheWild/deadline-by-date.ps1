$key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State'
Start-Process -FilePath "$env:SystemRoot\System32\Sysprep\Sysprep.exe" -ArgumentList '/generalize', '/oobe', '/quit', '/quiet'
$deadline = [DateTime]::Now.AddMinutes(60)
while ([DateTime]::Now -lt $deadline) {
    if ((Get-ItemProperty $key).ImageState -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') {
        Write-Output 'Generalized.'
        exit 0
    }
    Start-Sleep -Seconds 20
}
Write-Output 'Not generalized within the hour.'
exit 2
