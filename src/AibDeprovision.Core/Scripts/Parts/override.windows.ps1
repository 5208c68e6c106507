# Puts the deprovision script at the path from which Azure Image Builder runs it, and reads it back. Written by AibDeprovision.
# --- settings ---------------------------------------------------------------
$Target = 'C:\DeprovisioningScript.ps1'
$Sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
$Base64 = ''
# --- end of settings --------------------------------------------------------
try {
    $ErrorActionPreference = 'Stop'
    if (Test-Path -LiteralPath $Target -PathType Leaf) { Remove-Item -LiteralPath $Target -Force }
    $null = [IO.File]::WriteAllBytes($Target, [Convert]::FromBase64String($Base64))
    $found = (Get-FileHash -LiteralPath $Target -Algorithm SHA256).Hash
    if ($found -ne $Sha256) { throw "its SHA-256 is $found, not $Sha256" }
    Write-Output ">>> AibDeprovision customizer: wrote $Target (SHA-256 $Sha256)"
} catch {
    Write-Output ">>> AibDeprovision customizer: $Target is not in place: $_"
    exit 1
}
