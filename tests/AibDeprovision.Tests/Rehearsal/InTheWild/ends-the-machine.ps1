Start-Transcript -Path C:\Windows\Temp\deprovision.log -Append
& $env:SystemRoot\System32\Sysprep\Sysprep.exe /generalize /oobe /quiet /quit
while ((Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State).ImageState -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { Start-Sleep 10 }
Stop-Transcript
Stop-Computer -Force
