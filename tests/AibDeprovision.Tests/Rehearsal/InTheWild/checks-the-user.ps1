$me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    Write-Warning 'Run this elevated.'
    exit 5
}
if ([Security.Principal.WindowsIdentity]::GetCurrent().User.Value -eq 'S-1-5-18') {
    Write-Warning 'Do not run this as SYSTEM.'
    exit 6
}
if (-not (Get-Command "$env:SystemRoot\System32\Sysprep\Sysprep.exe" -ErrorAction SilentlyContinue)) {
    Write-Warning 'There is no Sysprep.'
    exit 7
}
$null = & "$env:SystemRoot\System32\Sysprep\Sysprep.exe" /generalize /oobe /quiet /quit
if ($LASTEXITCODE) { Write-Warning "Sysprep gave up with $LASTEXITCODE"; exit 8 }
