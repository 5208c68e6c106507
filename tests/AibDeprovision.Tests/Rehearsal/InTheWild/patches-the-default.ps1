# A customizer: the deprovision script gets /mode:vm.
$path = 'C:\DeprovisioningScript.ps1'
((Get-Content -Path $path -Raw) -replace 'Sysprep.exe /oobe /generalize /quiet /quit', 'Sysprep.exe /oobe /generalize /quiet /quit /mode:vm') | Set-Content -Path $path
