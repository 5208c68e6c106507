cmd /c "%WINDIR%\System32\Sysprep\Sysprep.exe /generalize /oobe /quiet /quit"
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
