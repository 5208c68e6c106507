$report = New-Object -TypeName PSObject -Property @{ Host = $env:COMPUTERNAME; Size = [IntPtr]::Size }
$report | Add-Member -MemberType NoteProperty -Name Started -Value ([DateTime]::UtcNow)
$steps = New-Object System.Collections.ArrayList
[void]$steps.Add([pscustomobject]@{ Name = 'begin'; Ok = $true })
$Error.Clear()
New-Item -ItemType Directory -Path C:\Logs -Force | Out-Null
"Deprovisioning $($report.Host), $($report.Size * 8) bit" > C:\Logs\deprovision.log
& "$env:windir\System32\Sysprep\Sysprep.exe" /oobe /generalize /quiet /quit
do {
    Start-Sleep -Seconds 5
    $state = (Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State).ImageState
    "$(Get-Date -Format s) $state" >> C:\Logs\deprovision.log
} while ($state -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE')
[void]$steps.Add([pscustomobject]@{ Name = 'end'; Ok = $Error.Count -eq 0 })
$steps | Format-Table -AutoSize
[System.IO.File]::AppendAllText('C:\Logs\deprovision.log', "$($steps.Count) steps")
