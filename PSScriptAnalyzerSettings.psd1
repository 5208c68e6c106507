@{
    Rules = @{
        # build.ps1 and the scripts that are written for a build VM run in Windows PowerShell 5.1 too.
        PSUseCompatibleSyntax      = @{ Enable = $true; TargetVersions = @('5.1', '7.0') }
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4 }
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true; IgnoreOneLineBlock = $true }
    }
}
