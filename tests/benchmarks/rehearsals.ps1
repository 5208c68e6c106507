<#
.SYNOPSIS
    Times rehearsals in a session of the real PowerShell, each beside the bare start of one, in the same run.
.EXAMPLE
    dotnet tool exec PowerShell --yes -- -NoProfile -File tests/benchmarks/rehearsals.ps1
#>
[CmdletBinding()]
param([int] $Rounds = 3)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module -Name "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1"
$windows = New-AibDeprovisionScript Windows
$linux = New-AibDeprovisionScript Linux
$own = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
$start = @(if ((Split-Path -Path $own -Leaf) -like 'dotnet*') { 'exec', "$PSHOME/pwsh.dll" }) + '-NoProfile', '-NonInteractive', '-Command', '1'

function Measure-Work {
    param([string] $Name, [scriptblock] $Work, [int] $Times = $Rounds, [int] $Pause = 0)
    $seconds = 1..$Times | ForEach-Object {
        Start-Sleep -Seconds $Pause
        (Measure-Command -Expression $Work).TotalSeconds
    } | Sort-Object
    $null = & $own $start
    $peer = (Measure-Command -Expression { & $own $start }).TotalSeconds
    $median = @($seconds)[[int] [Math]::Floor($Times / 2)]
    [pscustomobject] @{
        Work = $Name; Median = '{0:0.00} s' -f $median; Least = '{0:0.00} s' -f @($seconds)[0]; BareStart = '{0:0.00} s' -f $peer; Ratio = '{0:0.0}' -f ($median / $peer)
    }
}

"$([Environment]::ProcessorCount) cores, $([Runtime.InteropServices.RuntimeInformation]::OSDescription), PowerShell $($PSVersionTable.PSVersion)"
$(
    Measure-Work -Name '39 scenarios, first of the session' -Times 1 -Work { $windows | Invoke-AibDeprovisionRehearsal }
    Measure-Work -Name '39 scenarios, process started ahead' -Pause 10 -Work { $windows | Invoke-AibDeprovisionRehearsal }
    if ($IsLinux) { Measure-Work -Name '25 scenarios of Linux' -Work { $linux | Invoke-AibDeprovisionRehearsal } }
    Measure-Work -Name '1,000 schedules' -Times 1 -Pause 10 -Work { $windows | Invoke-AibDeprovisionRehearsal -Count 1000 }
) | Format-Table
