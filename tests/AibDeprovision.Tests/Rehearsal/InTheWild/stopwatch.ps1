$ErrorActionPreference = 'Stop'
$watch = [System.Diagnostics.Stopwatch]::StartNew()
& "$env:windir\System32\Sysprep\Sysprep.exe" /generalize /oobe /quiet /quit
while ($true) {
    $state = [string](Get-ItemProperty -Path HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State -ErrorAction SilentlyContinue).ImageState
    if ($state -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { break }
    if ($watch.Elapsed.TotalMinutes -gt 30) {
        throw "Sysprep was not done after $([math]::Max(30, 1)) minutes, the state is $state"
    }
    Start-Sleep -Seconds 15
}
$watch.Stop()
Write-Output ('Done in {0:n0} s' -f $watch.Elapsed.TotalSeconds)
