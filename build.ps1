<#
.SYNOPSIS
    Builds, tests and packages the module, for those with pwsh. Without it, 'dotnet build' and 'dotnet test' do the same work.
.EXAMPLE
    ./build.ps1 -Task Build, Pester
#>
[CmdletBinding()]
param(
    # Build stages the module in out/AibDeprovision; Test runs the xunit tests; Pester runs the Pester tests on the
    # staged module; Docs makes the MAML help from docs/en-US; Package makes a .nupkg in out/package.
    [ValidateSet('Build', 'Test', 'Pester', 'Docs', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$solution = "$PSScriptRoot/AibDeprovision.sln", '-c', $Configuration
$module = Join-Path -Path $PSScriptRoot -ChildPath 'out/AibDeprovision'

function Invoke-Native {
    param([string] $Program, [string[]] $Arguments)
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $Arguments ended with exit code $LASTEXITCODE." }
}

function Assert-Module {
    param([string] $Name, [version] $Version)
    $found = Get-Module -ListAvailable -Name $Name | Where-Object { $_.Version -ge $Version }
    if (-not $found) { throw "$Name $Version or later is not installed: Install-PSResource $Name" }
    Import-Module -Name $Name -MinimumVersion $Version
}

function Invoke-BuildTask { Invoke-Native -Program 'dotnet' -Arguments (@('build') + $solution) }

function Invoke-TestTask { Invoke-Native -Program 'dotnet' -Arguments (@('test', '--solution') + $solution) }

function Invoke-PesterTask {
    Assert-Module -Name 'Pester' -Version '5.5.0'
    $result = Invoke-Pester -Path "$PSScriptRoot/tests/Pester" -PassThru
    if ($result.FailedCount -gt 0 -or $result.PassedCount -eq 0) { throw "$($result.FailedCount) Pester tests failed, $($result.PassedCount) passed." }
}

function Invoke-DocsTask {
    Assert-Module -Name 'Microsoft.PowerShell.PlatyPS' -Version '1.0.0'
    $scratch = Join-Path -Path $PSScriptRoot -ChildPath 'out/maml'
    Get-ChildItem -Path "$PSScriptRoot/docs/en-US" -Filter '*-Aib*.md' | Import-MarkdownCommandHelp |
        Export-MamlCommandHelp -OutputFolder $scratch -Force | Out-Null
    Copy-Item -Path "$scratch/AibDeprovision/AibDeprovision.dll-Help.xml" -Destination "$PSScriptRoot/src/AibDeprovision/en-US/"
}

function Invoke-PackageTask {
    Invoke-BuildTask
    $folder = Join-Path -Path $PSScriptRoot -ChildPath 'out/package'
    New-Item -ItemType Directory -Path $folder -Force | Out-Null
    # Published to a folder, so that the package is made by the tool that publishes it to the gallery.
    $repository = 'AibDeprovision-' + [guid]::NewGuid()
    Register-PSResourceRepository -Name $repository -Uri $folder
    try { Publish-PSResource -Path $module -Repository $repository -SkipDependenciesCheck }
    finally { Unregister-PSResourceRepository -Name $repository }
}

foreach ($name in $Task) { & "Invoke-${name}Task" }
