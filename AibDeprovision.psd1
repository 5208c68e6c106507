# The manifest as it lies in the repository. The build completes the one that is published, in out/AibDeprovision: paths,
# file list, release notes and public addresses (src/AibDeprovision/Staging.targets).
@{
    RootModule             = 'AibDeprovision.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '7209211c-bfac-4c63-b7c4-8a96b88f6cc5'
    Author                 = 'The AibDeprovision authors'
    CompanyName            = 'AibDeprovision'
    Copyright              = '(c) The AibDeprovision authors. MIT licence.'
    Description            = 'Deprovision scripts for Azure Image Builder that end, and that say why: writes and installs the script that generalizes the build VM (Sysprep, waagent), with bounded waits, proof of the result and a named cause on failure.'

    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions   = @('Desktop', 'Core')

    CmdletsToExport        = @(
        'ConvertTo-AibCustomizer'
        'Get-AibRule'
        'Get-AibSysprepState'
        'Install-AibDeprovisionScript'
        'Invoke-AibDeprovision'
        'Invoke-AibDeprovisionRehearsal'
        'Invoke-AibSysprep'
        'New-AibDeprovisionScript'
        'Repair-AibDeprovisionReadiness'
        'Test-AibDeprovisionReadiness'
        'Test-AibDeprovisionScript'
        'Test-AibGeneralization'
        'Test-AibSysprepState'
        'Update-AibDeprovisionScript'
        'Wait-AibGuestAgentService'
        'Wait-AibSysprepState'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    FormatsToProcess       = @('src/AibDeprovision/AibDeprovision.Format.ps1xml')
    FileList               = @()

    PrivateData            = @{
        PSData = @{
            Prerelease   = 'preview1'
            ReleaseNotes = 'CHANGELOG.md, in the module''s folder, says what has changed.'
            Tags         = @(
                'Azure', 'ImageBuilder', 'AIB', 'Sysprep', 'waagent', 'Packer', 'Image', 'Deprovision'
                'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
        }
    }
}
