function Invoke-Seal {
    $p = Start-Process "$env:SystemRoot\System32\Sysprep\Sysprep.exe" -ArgumentList '/generalize', '/oobe', '/quiet', '/quit' -PassThru
    $p.WaitForExit()
    return $p.ExitCode
}
foreach ($attempt in 1..3) {
    try {
        $code = Invoke-Seal
        if ($code -eq 0) { Write-Host "Attempt $attempt was good."; exit 0 }
        Write-Host "Attempt $attempt ended with $code."
    }
    catch {
        Write-Host "Attempt $attempt did not start: $($_.Exception.Message)"
    }
    Start-Sleep -Seconds 60
}
Write-Host 'Three attempts, no seal.'
exit 1
