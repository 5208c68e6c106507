$info = New-Object System.Diagnostics.ProcessStartInfo
$info.FileName = 'C:\Windows\System32\Sysprep\Sysprep.exe'
$info.Arguments = '/generalize /oobe /quiet /quit'
$info.UseShellExecute = $false
$process = [System.Diagnostics.Process]::Start($info)
if (-not $process.WaitForExit(1800000)) {
    $process.Kill()
    [Console]::WriteLine('Sysprep did not end within half an hour')
    [Environment]::Exit(4)
}
if ($process.ExitCode -ne 0) { [Environment]::Exit(5) }
