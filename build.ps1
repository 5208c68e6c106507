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
    Assert-Module -Name 'Microsoft.PowerShell.PlatyPS' -Version '1.0.3'
    & "$PSScriptRoot/docs/ConvertTo-Maml.ps1" -Path "$PSScriptRoot/docs/en-US/*-Aib*.md" -Destination "$PSScriptRoot/src/AibDeprovision/en-US/AibDeprovision.dll-Help.xml"
}

function Invoke-PackageTask {
    $folder = Join-Path -Path $PSScriptRoot -ChildPath 'out/package'
    $staged = Join-Path -Path $folder -ChildPath 'staged/AibDeprovision'
    if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse }
    # Staged apart from what people import, so that nothing that lies there gets into the package.
    Invoke-Native -Program 'dotnet' -Arguments 'build', "$PSScriptRoot/src/AibDeprovision", '-c', $Configuration, "-p:StagedModule=$staged/"
    Test-ModuleManifest -Path "$staged/AibDeprovision.psd1" | Out-Null
    # Published to a folder, so that the package is made by the tool that publishes it to the gallery.
    $repository = 'AibDeprovision-' + [guid]::NewGuid()
    Register-PSResourceRepository -Name $repository -Uri $folder
    try { Publish-PSResource -Path $staged -Repository $repository }
    finally { Unregister-PSResourceRepository -Name $repository }
    Get-ChildItem -Path $folder -Filter '*.nupkg'
}

foreach ($name in $Task) { & "Invoke-${name}Task" }
