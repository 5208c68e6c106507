<#
.SYNOPSIS
    Builds, tries, tests and packages the module; the same here and in CI. It runs in PowerShell 7 and in Windows PowerShell 5.1.
.DESCRIPTION
    Without pwsh at hand, with nothing but the .NET SDK: dotnet tool exec PowerShell --yes -- -NoProfile -File ./build.ps1
    After tests the last line is "N passed, N failed, N skipped", and the exit code is 1 when one has failed.
.EXAMPLE
    ./build.ps1 -Task Build, Pester
#>
[CmdletBinding()]
param(
    # Build stages the module in out/AibDeprovision. Try builds it, writes the hardened script for Windows into
    # out/scripts and rehearses it beside the documented default. Test builds and runs all tests: Xunit, and Pester on
    # the staged module. Docs makes the MAML help from docs/en-US, with PlatyPS. Package makes the .nupkg, in PowerShell 7.
    [ValidateSet('Build', 'Try', 'Test', 'Xunit', 'Pester', 'Docs', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$module = Join-Path -Path $PSScriptRoot -ChildPath 'out/AibDeprovision'
$tests = Join-Path -Path $PSScriptRoot -ChildPath 'tests/AibDeprovision.Tests'
$count = @{ Passed = 0; Failed = 0; Skipped = 0 }

function Invoke-Native {
    param([string] $Program, [string[]] $Arguments)
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $Arguments ended with exit code $LASTEXITCODE." }
}

function Invoke-Build {
    param([string] $Project, [string[]] $Options = @())
    Write-Progress -Activity "Building $(Split-Path -Path $Project -Leaf)"
    # Not 'dotnet build', which sums up even when it is told to be quiet.
    Invoke-Native -Program 'dotnet' -Arguments (@('msbuild', $Project, '-restore', "-p:Configuration=$Configuration", '-v:quiet', '-nologo') + $Options)
    Write-Progress -Activity 'Building' -Completed
}

function Invoke-BuildTask { Invoke-Build -Project "$PSScriptRoot/AibDeprovision.sln" }

function Invoke-TryTask {
    Invoke-Build -Project "$PSScriptRoot/src/AibDeprovision"
    Import-Module -Name "$module/AibDeprovision.psd1"
    New-AibDeprovisionScript Windows -Path "$PSScriptRoot/out/scripts/" -Force | Invoke-AibDeprovisionRehearsal
    New-AibDeprovisionScript Windows -Profile Generic | Invoke-AibDeprovisionRehearsal
}

function Invoke-TestTask {
    Invoke-BuildTask
    Invoke-XunitTask
    Invoke-PesterTask
}

function Invoke-XunitTask {
    $report = Join-Path -Path $PSScriptRoot -ChildPath 'out/tests/xunit.xml'
    if (Test-Path -Path $report) { Remove-Item -Path $report }
    & dotnet test --project $tests -c $Configuration --no-build --results-directory (Split-Path -Path $report) --report-xunit-xml --report-xunit-xml-filename xunit.xml
    $exitCode = $LASTEXITCODE
    if (-not (Test-Path -Path $report)) { throw "The xunit tests gave no results: dotnet test ended with exit code $exitCode." }
    $result = ([xml] (Get-Content -Path $report -Raw)).assemblies.assembly
    $failed = [int] $result.failed + [int] $result.errors
    if ([int] $result.passed -eq 0 -or ($exitCode -ne 0) -ne ($failed -ne 0)) {
        throw "The xunit tests ended with exit code ${exitCode}: $($result.passed) passed, $failed failed."
    }
    $count.Passed += [int] $result.passed
    $count.Failed += $failed
    $count.Skipped += [int] $result.skipped
}

function Invoke-PesterTask {
    # The version that the build has downloaded. The tests themselves need no more than 5.7.
    Import-Module -Name (Invoke-Native -Program 'dotnet' -Arguments 'msbuild', $tests, '-getProperty:PesterModule')
    $result = Invoke-Pester -Path "$PSScriptRoot/tests/Pester" -PassThru
    $count.Passed += $result.PassedCount
    # A block or a file that failed as such is no failed test.
    $count.Failed += $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
    $count.Skipped += $result.SkippedCount
    if ($result.PassedCount -eq 0) { throw 'No Pester test has passed.' }
}

function Invoke-DocsTask {
    & "$PSScriptRoot/docs/ConvertTo-Maml.ps1" -Path "$PSScriptRoot/docs/en-US/*-Aib*.md" -Destination "$PSScriptRoot/src/AibDeprovision/en-US/AibDeprovision.dll-Help.xml"
}

function Invoke-PackageTask {
    $folder = Join-Path -Path $PSScriptRoot -ChildPath 'out/package'
    if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse }
    # Staged apart from what people import, so that nothing that lies there gets into the package.
    $staged = Join-Path -Path $folder -ChildPath 'staged/AibDeprovision'
    Invoke-Build -Project "$PSScriptRoot/src/AibDeprovision" -Options "-p:StagedModule=$staged/"
    Test-ModuleManifest -Path "$staged/AibDeprovision.psd1" | Out-Null
    # Published to a folder, so that the package is made by the tool that publishes it to the gallery.
    $repository = 'AibDeprovision-' + [guid]::NewGuid()
    Register-PSResourceRepository -Name $repository -Uri $folder
    try { Publish-PSResource -Path $staged -Repository $repository }
    finally { Unregister-PSResourceRepository -Name $repository }
}

foreach ($name in $Task) {
    & "Invoke-${name}Task"
    if ($count.Failed -gt 0) { break }
}
if ($count.Passed + $count.Failed -gt 0) {
    "$($count.Passed) passed, $($count.Failed) failed, $($count.Skipped) skipped"
    exit [int] ($count.Failed -gt 0)
}
