$tag = [System.IO.Path]::Combine($env:SystemRoot, 'System32', 'Sysprep', 'Sysprep_succeeded.tag')
if ([System.IO.File]::Exists($tag)) { [System.IO.File]::Delete($tag) }
& $env:SystemRoot\System32\Sysprep\Sysprep.exe /generalize /oobe /quiet /quit
$tries = 0
while (-not [System.IO.File]::Exists($tag)) {
    if (++$tries -gt 180) { Write-Output 'No tag after half an hour'; exit 1 }
    [System.Threading.Thread]::Sleep(10000)
}
