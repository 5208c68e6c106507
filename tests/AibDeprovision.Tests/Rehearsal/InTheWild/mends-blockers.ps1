Import-Module Appx
Import-Module BitLocker
$provisioned = Get-AppxProvisionedPackage -Online | Select-Object -ExpandProperty PackageName
Get-AppxPackage -AllUsers | Where-Object { -not $_.NonRemovable -and $provisioned -notcontains $_.PackageFullName } |
    ForEach-Object { Remove-AppxPackage -Package $_.PackageFullName }
if ((Get-BitLockerVolume -MountPoint C:).VolumeStatus -ne 'FullyDecrypted') {
    Disable-BitLocker -MountPoint C: | Out-Null
    while ((Get-BitLockerVolume -MountPoint C:).VolumeStatus -ne 'FullyDecrypted') { Start-Sleep -Seconds 30 }
}
& $env:SystemRoot\System32\Sysprep\Sysprep.exe /generalize /oobe /quiet /quit
for ($i = 0; $i -lt 360; $i++) {
    if ((Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State).ImageState -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { exit 0 }
    Start-Sleep -Seconds 10
}
exit 9
