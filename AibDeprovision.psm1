# Not part of the package: lets the manifest beside it be imported from a checkout that has been built.
Import-Module -Name "$PSScriptRoot/out/AibDeprovision/AibDeprovision.dll" -ErrorAction Stop
Export-ModuleMember -Cmdlet '*'
