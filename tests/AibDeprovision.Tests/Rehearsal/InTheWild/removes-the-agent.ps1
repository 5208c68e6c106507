# Without an agent in the image.
Stop-Service RdAgent, WindowsAzureGuestAgent -Force -ErrorAction SilentlyContinue
sc.exe delete RdAgent
sc.exe delete WindowsAzureGuestAgent
& $env:SystemRoot\System32\Sysprep\Sysprep.exe /generalize /oobe /quiet /quit
