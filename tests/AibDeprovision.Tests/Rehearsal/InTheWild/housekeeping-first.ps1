# Tidies up, then does what the documented text does.
Get-ScheduledTask -TaskPath '\Contoso\' -ErrorAction SilentlyContinue | Disable-ScheduledTask
$action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-File C:\Tools\FirstStart.ps1'
$trigger = New-ScheduledTaskTrigger -AtStartup
Register-ScheduledTask -TaskName 'First start' -Action $action -Trigger $trigger -User 'SYSTEM' | Out-Null
Set-NetFirewallProfile -Profile Domain, Public, Private -Enabled True
Set-MpPreference -DisableRealtimeMonitoring $false
foreach ($log in (wevtutil el)) { wevtutil cl "$log" }
Clear-EventLog -LogName Application, System
Optimize-Volume -DriveLetter C
icacls 'C:\ProgramData\Contoso' /inheritance:r | Out-Null
& "$env:windir\System32\Sysprep\Sysprep.exe" /oobe /generalize /quiet /quit
while ((Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State).ImageState -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { Start-Sleep 5 }
