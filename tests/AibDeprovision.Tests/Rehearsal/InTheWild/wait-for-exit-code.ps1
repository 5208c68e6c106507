$ErrorActionPreference = 'Stop'
$sysprep = Join-Path $env:SystemRoot 'System32\Sysprep\Sysprep.exe'
Remove-Item -Path "$env:SystemRoot\Panther\unattend.xml", "$env:SystemRoot\System32\Sysprep\unattend.xml" -Force -ErrorAction SilentlyContinue
$process = Start-Process -FilePath $sysprep -ArgumentList '/generalize /oobe /quiet /quit' -PassThru -Wait
if ($process.ExitCode -ne 0) {
    Get-Content "$env:SystemRoot\System32\Sysprep\Panther\setuperr.log" -ErrorAction SilentlyContinue
    Write-Error "Sysprep ended with $($process.ExitCode)"
}
$state = (Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State).ImageState
if ($state -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { throw "The image state is $state" }
