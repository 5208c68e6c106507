# Generalizes this machine at the end of an Azure Image Builder build: waits for the guest agent, runs Sysprep and
# proves that the image is sealed. Every wait ends; on failure the cause is in the log, and the exit code says which.
# Made by AibDeprovision (New-AibDeprovisionScript -Platform Windows). Times are in seconds.

# --- settings -------------------------------------------------------------
$Settings = @{
    ModeVm                 = $true
    RequiredServices       = @('RdAgent', 'WindowsAzureGuestAgent', 'My Service''s')
    OptionalServices       = @()
    ServiceTimeout         = 300
    SysprepTimeout         = 1800
    Deadline               = 2400
    RemoveSysprepProviders = @('VMAgentDisabler.dll')
    BeforeScript           = 'Write-Output ''before''
Stop-Service -Name ''Spooler''
'
    AfterScript            = ('Write-Output "caf' + [char]0x00E9 + '"')
}
# --- end of settings ------------------------------------------------------

# --- facts ----------------------------------------------------------------
$ExitCodes = @{
    Sealed                 = 0
    Unexpected             = 1
    AgentServiceMissing    = 10
    AgentServiceNotStarted = 11
    NotReady               = 12
    SysprepNotStarted      = 13
    SysprepNotSealed       = 14
    DeadlinePassed         = 15
    NotElevated            = 19
    HookFailed             = 20
}
$SealedState = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE'
# --- end of facts ---------------------------------------------------------

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$System32 = "$env:SystemRoot\System32"
$Sysprep = "$System32\Sysprep\Sysprep.exe"
$SuccessTag = "$System32\Sysprep\Sysprep_succeeded.tag"
$Panther = "$System32\Sysprep\Panther"
$SetupKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup'
$Clock = @{ Elapsed = 0.0; Last = (Get-Date).ToUniversalTime() }

# The clock of a young VM jumps when it is first set: a step back counts for nothing, a step ahead for five minutes.
function Get-Elapsed {
    $now = (Get-Date).ToUniversalTime()
    $step = ($now - $Clock.Last).TotalSeconds
    $Clock.Last = $now
    if ($step -gt 300) { $step = 300 }
    if ($step -gt 0) { $Clock.Elapsed += $step }
    return $Clock.Elapsed
}

function Write-Phase {
    param([string]$Phase, [string]$Text)
    $tenths = [long]((Get-Elapsed) * 10)
    $seconds = '{0,5}.{1}' -f (($tenths - $tenths % 10) / 10), ($tenths % 10)
    Write-Output ('>>> AibDeprovision [{0}s] {1}: {2}' -f $seconds, $Phase, ($Text -replace '\s+', ' '))
}

function Exit-Deprovision {
    param([string]$Verdict, [string]$Cause)
    Write-Phase -Phase 'verdict' -Text ('{0} (exit code {1}): {2}' -f $Verdict, $ExitCodes[$Verdict], $Cause)
    exit $ExitCodes[$Verdict]
}

# Ends with the verdict of the phase, or with DeadlinePassed where it was the overall deadline that cut it short.
function Exit-OnTimeout {
    param([string]$Verdict, [string]$Cause)
    if ((Get-Elapsed) -ge $Settings.Deadline) {
        Exit-Deprovision -Verdict 'DeadlinePassed' -Cause ('the deadline of {0} s has passed: {1}' -f $Settings.Deadline, $Cause)
    }
    Exit-Deprovision -Verdict $Verdict -Cause $Cause
}

function Get-TimeLimit {
    param([int]$Seconds)
    $limit = (Get-Elapsed) + $Seconds
    if ($limit -gt $Settings.Deadline) { return $Settings.Deadline }
    return $limit
}

# Pauses a twentieth of the time that a wait has gone on, 1 s at the least and 15 s at the most; never past its limit.
function Wait-Moment {
    param([double]$Since, [double]$Limit)
    $now = Get-Elapsed
    $pause = [int](($now - $Since) / 20)
    if ($pause -gt 15) { $pause = 15 }
    if ($pause -gt $Limit - $now) { $pause = [int]($Limit - $now) }
    if ($pause -lt 1) { $pause = 1 }
    Start-Sleep -Seconds $pause
}

# The text is the user's own, and it is code on purpose. Whatever it does, 'exit' included, it cannot pass for a seal.
function Invoke-Hook {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingInvokeExpression', '', Justification = 'The hook is script text by its nature.')]
    param([string]$Phase, [string]$Name, [string]$Text)
    if (-not $Text) { return }
    Write-Phase -Phase $Phase -Text "running $Name"
    $outcome = "$Name left by exit, break or continue instead of running to its end"
    try {
        & {
            Set-StrictMode -Off
            $ErrorActionPreference = 'Continue'
            Invoke-Expression -Command $args[0]
        } $Text
        $outcome = ''
    }
    catch {
        $outcome = "$Name failed: $_"
    }
    finally {
        if ($outcome) { Exit-Deprovision -Verdict 'HookFailed' -Cause $outcome }
    }
    Write-Phase -Phase $Phase -Text "$Name has ended"
}

function Get-ImageState {
    $state = Get-ItemProperty -LiteralPath "$SetupKey\State" -Name 'ImageState' -ErrorAction SilentlyContinue
    if ($null -eq $state) { return '(none)' }
    return [string]$state.ImageState
}

function Get-ServiceState {
    param([string]$Name)
    $service = Get-Service -Name $Name -ErrorAction SilentlyContinue
    if ($null -eq $service) { return 'missing' }
    if ($service.Status -ne 'Running' -and $service.StartType -eq 'Disabled') { return 'disabled' }
    return [string]$service.Status
}

function Show-Machine {
    $windows = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -ErrorAction SilentlyContinue
    if ($null -ne $windows) {
        Write-Phase -Phase 'start' -Text ('{0}, build {1}, PowerShell {2}' -f $windows.ProductName, $windows.CurrentBuildNumber, $PSVersionTable.PSVersion)
    }
    $limits = 'services {0} s, sysprep {1} s, deadline {2} s' -f $Settings.ServiceTimeout, $Settings.SysprepTimeout, $Settings.Deadline
    Write-Phase -Phase 'start' -Text ('image state {0}; limits: {1}' -f (Get-ImageState), $limits)
}

function Assert-Elevated {
    if ($env:PROCESSOR_ARCHITEW6432) {
        Exit-Deprovision -Verdict 'NotReady' -Cause 'this is a 32-bit PowerShell on 64-bit Windows, which sees other files and registry keys than Sysprep; run the 64-bit one'
    }
    # A high or system integrity level, by SID since the names are translated.
    $groups = & "$System32\whoami.exe" /groups
    if (-not ("$groups" -match 'S-1-16-(12288|16384)')) {
        Exit-Deprovision -Verdict 'NotElevated' -Cause 'Sysprep needs an elevated administrator; use runElevated: true in the customizer'
    }
    $user = & "$System32\whoami.exe" /user
    if ("$user" -match 'S-1-5-18\b') {
        # Microsoft: Sysprep as SYSTEM is not supported from build 26100 on; the first logon is a black screen.
        Write-Phase -Phase 'start' -Text 'warning: running as SYSTEM; Windows 11 24H2, Server 2025 and later do not support Sysprep from SYSTEM (black screen at first logon)'
    }
}

# The agent takes part in Sysprep, so it has to be up first. On a fast build it may not even be installed yet.
function Wait-AgentService {
    $seen = @{}
    $stoppedSince = @{}
    $since = Get-Elapsed
    $limit = Get-TimeLimit -Seconds $Settings.ServiceTimeout
    while ($true) {
        $missing = @()
        $notRunning = @()
        $optional = @()
        foreach ($name in $Settings.RequiredServices + $Settings.OptionalServices) {
            $isRequired = $Settings.RequiredServices -contains $name
            $state = Get-ServiceState -Name $name
            if ($seen[$name] -ne $state) {
                $seen[$name] = $state
                Write-Phase -Phase 'wait-services' -Text "$name is $state"
            }
            if ($state -eq 'Running') { continue }
            if ($state -eq 'Stopped') {
                # Started once, after a while in which the agent may be replacing itself. sc.exe only asks; Start-Service might wait for ever.
                if (-not $stoppedSince.Contains($name)) { $stoppedSince[$name] = Get-Elapsed }
                elseif ($stoppedSince[$name] -ge 0 -and (Get-Elapsed) - $stoppedSince[$name] -ge 30) {
                    $stoppedSince[$name] = -1
                    & "$System32\sc.exe" start $name | Out-Null
                    Write-Phase -Phase 'wait-services' -Text "$name was stopped for 30 s and has been asked to start (sc.exe: $LASTEXITCODE)"
                }
            }
            if ($isRequired -and $state -eq 'disabled') {
                Exit-Deprovision -Verdict 'AgentServiceNotStarted' -Cause "the service $name is disabled and cannot start; a customizer or an earlier Sysprep run has disabled it"
            }
            if ($isRequired -and $state -eq 'missing') { $missing += $name }
            elseif ($isRequired) { $notRunning += "$name ($state)" }
            elseif ($state -ne 'missing' -and $state -ne 'disabled') { $optional += "$name ($state)" }
        }
        # Undeployable while nobody runs Sysprep: setup has not ended, or an earlier run broke off.
        $imageState = Get-ImageState
        $settingUp = $imageState -eq 'IMAGE_STATE_UNDEPLOYABLE'
        if (-not ($missing -or $notRunning -or $optional -or $settingUp)) { return }
        if ((Get-Elapsed) -ge $limit) {
            if ($missing) { Exit-OnTimeout -Verdict 'AgentServiceMissing' -Cause ('not installed: ' + ($missing -join ', ')) }
            if ($notRunning) { Exit-OnTimeout -Verdict 'AgentServiceNotStarted' -Cause ('not running: ' + ($notRunning -join ', ')) }
            if ($settingUp) { Exit-OnTimeout -Verdict 'NotReady' -Cause "the image state stays $imageState although Sysprep does not run: setup never ended, or an earlier Sysprep run broke off; build from a clean image" }
            Write-Phase -Phase 'wait-services' -Text ('going on without the optional ' + ($optional -join ', '))
            return
        }
        Wait-Moment -Since $since -Limit $limit
    }
}

# Sysprep loads every DLL registered here; one that is missing breaks it half way and leaves the machine undeployable.
function Assert-Provider {
    foreach ($part in 'Generalize', 'Cleanup', 'Specialize') {
        $key = "$SetupKey\SysPrepExternal\$part"
        $item = Get-Item -LiteralPath $key -ErrorAction SilentlyContinue
        if ($null -eq $item) { continue }
        $values = Get-ItemProperty -LiteralPath $key
        foreach ($name in $item.Property) {
            $dll = ([string]$values.$name).Split(',')[0].Trim(' ', '"')
            $leaf = $dll.Substring($dll.LastIndexOf('\') + 1)
            if ($Settings.RemoveSysprepProviders -contains $leaf) {
                Remove-ItemProperty -LiteralPath $key -Name $name -Force
                Write-Phase -Phase 'prepare' -Text "removed the provider $leaf from SysPrepExternal\$part"
                continue
            }
            # As the loader does it: .dll where there is no ending; a bare name in System32, beside Sysprep.exe and in the Windows folder.
            $file = $dll
            if (-not $leaf.Contains('.')) { $file += '.dll' }
            $places = @($file)
            if ($leaf -eq $dll) { $places = "$System32\$file", "$System32\Sysprep\$file", "$env:SystemRoot\$file" }
            # Specialize runs on the next boot only, and a path with variables cannot be followed here.
            if ($part -ne 'Specialize' -and $dll -and -not $dll.Contains('%') -and -not ($places | Where-Object { Test-Path -LiteralPath $_ })) {
                Exit-Deprovision -Verdict 'NotReady' -Cause "the provider $leaf under SysPrepExternal\$part is registered, but $($places[0]) is missing; Sysprep would break on it (New-AibDeprovisionScript -RemoveSysprepProvider $leaf)"
            }
        }
    }
}

function Assert-Ready {
    if (-not (Test-Path -LiteralPath $Sysprep)) {
        Exit-Deprovision -Verdict 'SysprepNotStarted' -Cause "$Sysprep is missing"
    }
    if (Get-Process -Name 'sysprep', 'SetupHost' -ErrorAction SilentlyContinue) {
        Exit-Deprovision -Verdict 'NotReady' -Cause 'Sysprep is running already; something started it before this script'
    }
    if ((Get-ImageState) -eq $SealedState) {
        Exit-Deprovision -Verdict 'NotReady' -Cause 'the machine is generalized already: a customizer has run Sysprep, and a second run breaks what the first has done; leave Sysprep to this script'
    }
    # The first start leaves 7 on every Windows. Sysprep begins in no other state, and breaks only once the machine is undeployable.
    $status = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\Setup\Status\SysprepStatus' -Name 'GeneralizationState' -ErrorAction SilentlyContinue
    if ($null -ne $status -and $status.GeneralizationState -is [int] -and $status.GeneralizationState -ne 7) {
        Exit-Deprovision -Verdict 'NotReady' -Cause "GeneralizationState is $($status.GeneralizationState) instead of 7: an earlier Sysprep run is half done, and the next one would break on it (0x0f0073); build from a clean image"
    }
    if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') {
        Exit-Deprovision -Verdict 'NotReady' -Cause 'an update waits for a restart, and Sysprep refuses until then; make WindowsRestart the last customizer'
    }
    if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') {
        Write-Phase -Phase 'prepare' -Text 'warning: Windows Update asks for a restart; make WindowsRestart the last customizer'
    }
    Assert-Provider
}

# Nothing of an earlier run may speak for this one: not its answer files, not its tag, not its logs.
function Clear-EarlierRun {
    foreach ($file in "$System32\Sysprep\unattend.xml", "$env:SystemRoot\Panther\unattend.xml", $SuccessTag) {
        if (Test-Path -LiteralPath $file) {
            Remove-Item -LiteralPath $file -Force
            Write-Phase -Phase 'prepare' -Text "removed $file"
        }
    }
    foreach ($name in 'setupact', 'setuperr') {
        if (Test-Path -LiteralPath "$Panther\$name.log") {
            try { Move-Item -LiteralPath "$Panther\$name.log" -Destination "$Panther\$name.before.log" -Force }
            catch { Write-Phase -Phase 'prepare' -Text "warning: the old $name.log could not be set aside: $_" }
        }
    }
}

# The lines of the last run in a log; Sysprep appends, so the older runs have to be skipped.
function Get-LastRun {
    param([string]$Log)
    $lines = @(Get-Content -LiteralPath "$Panther\$Log" -ErrorAction SilentlyContinue)
    for ($i = $lines.Count - 1; $i -gt 0; $i--) {
        if ($lines[$i] -match 'Beginning of a new sysprep run') { return $lines[$i..($lines.Count - 1)] }
    }
    return $lines
}

# The first error of the run that is not known noise is the cause; what follows are its consequences.
function Get-SysprepError {
    $noise = 'MRTGeneralize:\d+ - ERROR|setupdigetclassdevs failed with error 0|Compat-Gentel custom trigger'
    foreach ($log in 'setuperr.log', 'setupact.log') {
        foreach ($line in @(Get-LastRun -Log $log)) {
            if ($line -match ', Error\s' -and $line -notmatch $noise) { return ($line -replace '^\S+ \S+ Error\s+', '') }
        }
    }
    return 'its logs name no error'
}

function Write-SysprepLog {
    foreach ($log in @{ Name = 'setuperr.log'; Lines = 30 }, @{ Name = 'setupact.log'; Lines = 40 }) {
        $lines = @(Get-LastRun -Log $log.Name)
        Write-Phase -Phase 'sysprep' -Text ('{0} of this run: {1} lines, the last {2} of them:' -f $log.Name, $lines.Count, $log.Lines)
        if ($lines.Count -gt $log.Lines) { $lines = $lines[($lines.Count - $log.Lines)..($lines.Count - 1)] }
        foreach ($line in $lines) { Write-Output "    | $line" }
    }
}

function Invoke-Sysprep {
    $arguments = @('/oobe', '/generalize', '/quiet', '/quit')
    if ($Settings.ModeVm) { $arguments += '/mode:vm' }
    Write-Phase -Phase 'sysprep' -Text "starting $Sysprep $arguments"
    try {
        $process = Start-Process -FilePath $Sysprep -ArgumentList $arguments -PassThru
    }
    catch {
        Exit-Deprovision -Verdict 'SysprepNotStarted' -Cause "Sysprep could not be started: $_"
    }
    $seen = ''
    $endedAt = $null
    $since = Get-Elapsed
    $limit = Get-TimeLimit -Seconds $Settings.SysprepTimeout
    while ($true) {
        # First who runs, then the state: once nobody runs, the state is final. Sysprep may hand over to SetupHost and end.
        $isRunning = -not $process.HasExited -or (Get-Process -Name 'sysprep', 'SetupHost' -ErrorAction SilentlyContinue)
        $state = Get-ImageState
        if ($state -ne $seen) {
            $seen = $state
            Write-Phase -Phase 'sysprep' -Text "image state is $state"
        }
        if (-not $isRunning -and $state -eq $SealedState -and (Test-Path -LiteralPath $SuccessTag)) { return }
        # Only when both are gone, and stay gone, is it over; at the limit, when they are gone.
        if ($isRunning) { $endedAt = $null }
        elseif ($null -eq $endedAt) {
            $endedAt = Get-Elapsed
            Write-Phase -Phase 'sysprep' -Text "Sysprep has ended; image state is $state"
        }
        $isLate = (Get-Elapsed) -ge $limit
        if ($null -ne $endedAt -and ($isLate -or (Get-Elapsed) - $endedAt -ge 30)) {
            $tag = if (Test-Path -LiteralPath $SuccessTag) { 'with' } else { 'without' }
            $cause = 'Sysprep ended with the image state {0} and {1} its success tag; first error: {2}' -f $state, $tag, (Get-SysprepError)
            Write-SysprepLog
            Exit-Deprovision -Verdict 'SysprepNotSealed' -Cause $cause
        }
        if ($isLate) {
            $cause = 'Sysprep is not done after {0} s; image state {1}; first error: {2}' -f $Settings.SysprepTimeout, $state, (Get-SysprepError)
            Write-SysprepLog
            Exit-OnTimeout -Verdict 'DeadlinePassed' -Cause $cause
        }
        Wait-Moment -Since $since -Limit $limit
    }
}

try {
    Show-Machine
    Assert-Elevated
    Invoke-Hook -Phase 'before' -Name 'BeforeScript' -Text $Settings.BeforeScript
    Wait-AgentService
    Assert-Ready
    # Whoever gives up on Sysprep leaves it at work; so it is not started only to be given up.
    if ((Get-Elapsed) -ge $Settings.Deadline) {
        Exit-OnTimeout -Verdict 'DeadlinePassed' -Cause 'no time is left for Sysprep, and it has not been started; raise Deadline above ServiceTimeout'
    }
    Clear-EarlierRun
    Invoke-Sysprep
    Write-Phase -Phase 'verify' -Text "image state is $SealedState, Sysprep_succeeded.tag is there, Sysprep has ended"
    Invoke-Hook -Phase 'after' -Name 'AfterScript' -Text $Settings.AfterScript
    Exit-Deprovision -Verdict 'Sealed' -Cause 'the machine is generalized'
}
catch {
    Exit-Deprovision -Verdict 'Unexpected' -Cause "$_ (line $($_.InvocationInfo.ScriptLineNumber))"
}
