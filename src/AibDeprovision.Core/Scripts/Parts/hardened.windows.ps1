# Generalizes this machine at the end of an Azure Image Builder build: waits for the guest agent, runs Sysprep and
# proves that the image is sealed. Every wait ends; on failure the cause is in the log, and the exit code says which.
# Made by AibDeprovision (New-AibDeprovisionScript -Platform Windows). Times are in seconds.

# --- settings -------------------------------------------------------------
$Settings = @{
    ModeVm                 = $false
    RequiredServices       = @('RdAgent', 'WindowsAzureGuestAgent')
    OptionalServices       = @('WindowsAzureTelemetryService')
    ServiceTimeout         = 900
    SysprepTimeout         = 2700
    Deadline               = 3600
    RemoveSysprepProviders = @()
    Strict                 = $false
    NoTrace                = $false
    BeforeScript           = ''
    AfterScript            = ''
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
$Sysprep = "$env:SystemRoot\System32\Sysprep\Sysprep.exe"
$SuccessTag = "$env:SystemRoot\System32\Sysprep\Sysprep_succeeded.tag"
$AnswerFiles = "$env:SystemRoot\System32\Sysprep\unattend.xml", "$env:SystemRoot\Panther\unattend.xml"
$Panther = "$env:SystemRoot\System32\Sysprep\Panther"
$StateKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State'
$ProvidersKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\SysPrepExternal'
$ProviderParts = @('Generalize', 'Cleanup', 'Specialize')
$VersionKey = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$Switches = @('/oobe', '/generalize', '/quiet', '/quit')
$ModeVmSwitch = '/mode:vm'
$SealedState = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE'
$UnfinishedState = 'IMAGE_STATE_UNDEPLOYABLE'
$SysprepPrograms = @('sysprep', 'SetupHost')
$UpdateFolder = '$WINDOWS.~BT'
$RunMarker = 'Beginning of a new sysprep run'
$Noise = 'MRTGeneralize:\d+ - ERROR|setupdigetclassdevs failed with error 0|Compat-Gentel custom trigger|BCD: BiUpdateEfiEntry .*c000000d'
$TraceFolder = "$env:ProgramData\AibDeprovision"
$TraceName = 'sealed.json'
$TraceFormat = 1
$Version = '0.1.0-preview1'
$StartAfter = 30
$Patience = 30
$LinesShown = @{ 'setuperr.log' = 30; 'setupact.log' = 40 }
$FirstBuildWithoutSystem = 26100
$Texts = @{
    SysprepRunning         = 'Sysprep is at work ({0}): a second run breaks the first, and what is said of the machine now may change. Wait for its end, and leave Sysprep to the last step of the build.'
    AlreadyGeneralized     = 'The machine is generalized already: a customizer has run Sysprep, and a second run breaks what the first has done. Leave Sysprep to the last step of the build.'
    SealedStateOnly        = 'The image state is {0} already, but the next start is not set up for OOBE. Leave Sysprep to the last step of the build.'
    SetupUnfinished        = 'The image state is {0} although Sysprep does not run: Setup never ended, or an earlier Sysprep run broke off. Build from a clean image.'
    GeneralizationBrokeOff = 'GeneralizationState is {0} instead of 7: an earlier Sysprep run may be half done, and the next one may break on it (0x0f0073). Build from a clean image.'
    RestartPending         = 'An update waits for a restart, and Sysprep may refuse until then. Make WindowsRestart the last customizer.'
    RestartRequired        = 'Windows Update asks for a restart. Make WindowsRestart the last customizer.'
    RestartInProgress      = 'The servicing stack is in the midst of an update that the next start finishes, and Sysprep may refuse until then. Make WindowsRestart the last customizer.'
    ServicingSession       = 'A session of the servicing stack is open (Exclusive is {0}), and Sysprep may refuse until it is over. Wait until updates are done, then restart: make WindowsRestart the last customizer.'
    ServicingBusy          = 'The servicing stack is at work ({0}), and Sysprep may fail to ask it for what is pending (0x80080005). Wait until updates are done, then restart: make WindowsRestart the last customizer.'
    ReservedStorageInUse   = 'Reserved storage is in use (ActiveScenario is {0}), and Sysprep may refuse with 0x800F0975. Install all updates and restart; then, if it stays: dism /online /Cleanup-Image /StartComponentCleanup, and Set-WindowsReservedStorageState -State Disabled.'
    DefenderOnboarded      = 'Defender for Endpoint is onboarded here, and may keep Sysprep from removing senseGuid (0x80070005). Keep the build VM from being onboarded: tag it ExcludeMdeAutoProvisioning=True, or exclude it in Defender for Cloud; else offboard it before Sysprep.'
    CdromDisabled          = 'The CD-ROM driver is disabled: a VM reads its settings from a virtual CD at the first start, and stays in OOBE without. Enable it: Repair-AibDeprovisionReadiness CdromDisabled, or reg add HKLM\SYSTEM\CurrentControlSet\Services\cdrom /v start /t REG_DWORD /d 1 /f.'
    RemovableStorageDenied = 'A policy denies all access to removable storage, and a VM may not get at the virtual CD with its settings at the first start. Take the policy ''All Removable Storage classes: Deny all access'' back, and let it reach the VMs after their first start.'
    NotElevated            = 'Sysprep needs an elevated administrator. Use runElevated: true in the customizer, or an elevated PowerShell.'
    Redirected             = 'This is a 32-bit process on 64-bit Windows, which is shown other files and keys than Sysprep is. Use the PowerShell of C:\Windows\System32, or of C:\Windows\sysnative from a 32-bit program.'
    ProviderMissing        = 'The provider {0} under SysPrepExternal\{1} is registered, but {2} is missing; Sysprep would break on it. Take it out of the registry: -RemoveSysprepProvider {0}, or Repair-AibDeprovisionReadiness ProviderMissing.'
    RunningAsSystem        = 'Running as SYSTEM; Windows 11 24H2, Server 2025 and later do not support Sysprep from SYSTEM (black screen at first logon). Use runElevated: true without runAsSystem in the customizer.'
}
$Checks = @(
    @{ Id = 'SysprepRunning'; Refuses = 'Always'; Probes = @(
        @{ Kind = 'SysprepRuns' }
    ) }
    @{ Id = 'AlreadyGeneralized'; Refuses = 'Always'; Unless = @('SysprepRunning'); Probes = @(
        @{ Kind = 'ValueIs'; Key = $StateKey; Name = 'ImageState'; Text = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE' }
        @{ Kind = 'ValueIs'; Key = 'HKLM:\SYSTEM\Setup'; Name = 'SetupType'; Text = '2' }
        @{ Kind = 'ValueContains'; Key = 'HKLM:\SYSTEM\Setup'; Name = 'CmdLine'; Text = 'windeploy' }
    ) }
    @{ Id = 'SealedStateOnly'; Refuses = 'Never'; Unless = @('SysprepRunning', 'AlreadyGeneralized'); Probes = @(
        @{ Kind = 'ValueIs'; Key = $StateKey; Name = 'ImageState'; Text = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE' }
    ) }
    @{ Id = 'SetupUnfinished'; Refuses = 'Always'; Unless = @('SysprepRunning'); Probes = @(
        @{ Kind = 'ValueIs'; Key = $StateKey; Name = 'ImageState'; Text = 'IMAGE_STATE_UNDEPLOYABLE' }
    ) }
    @{ Id = 'GeneralizationBrokeOff'; Refuses = 'Strict'; Unless = @('SysprepRunning', 'AlreadyGeneralized', 'SetupUnfinished'); Probes = @(
        @{ Kind = 'ValueIsNot'; Key = 'HKLM:\SYSTEM\Setup\Status\SysprepStatus'; Name = 'GeneralizationState'; Text = '7' }
    ) }
    @{ Id = 'RestartPending'; Refuses = 'Strict'; Probes = @(
        @{ Kind = 'KeyExists'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending' }
    ) }
    @{ Id = 'RestartRequired'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'KeyExists'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired' }
    ) }
    @{ Id = 'RestartInProgress'; Refuses = 'Strict'; Probes = @(
        @{ Kind = 'KeyExists'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootInProgress' }
    ) }
    @{ Id = 'ServicingSession'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ValueIsNot'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\SessionsPending'; Name = 'Exclusive'; Text = '0' }
    ) }
    @{ Id = 'ServicingBusy'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ProcessRuns'; Name = 'TiWorker' }
    ) }
    @{ Id = 'ServicingBusy'; Refuses = 'Never'; Unless = @('ServicingBusy'); Probes = @(
        @{ Kind = 'ProcessRuns'; Name = 'TrustedInstaller' }
    ) }
    @{ Id = 'ReservedStorageInUse'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ValueIsNot'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\ReserveManager'; Name = 'ActiveScenario'; Text = '0' }
    ) }
    @{ Id = 'DefenderOnboarded'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ValueIs'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status'; Name = 'OnboardingState'; Text = '1' }
    ) }
    @{ Id = 'CdromDisabled'; Refuses = 'Always'; ForFirstStart = $true; Probes = @(
        @{ Kind = 'ValueIs'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Services\cdrom'; Name = 'Start'; Text = '4' }
    ) }
    @{ Id = 'RemovableStorageDenied'; Refuses = 'Never'; ForFirstStart = $true; Probes = @(
        @{ Kind = 'ValueIs'; Key = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\RemovableStorageDevices'; Name = 'Deny_All'; Text = '1' }
    ) }
)
# --- end of facts ---------------------------------------------------------

# --- shared ---------------------------------------------------------------
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$System32 = "$env:SystemRoot\System32"
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

function Get-ImageState {
    $state = Get-ItemProperty -LiteralPath $StateKey -Name 'ImageState' -ErrorAction SilentlyContinue
    if ($null -eq $state) { return '(none)' }
    return [string]$state.ImageState
}

# Whether this process works with an administrator's full token: a high or system integrity level, by SID since the names are translated.
function Test-Elevated {
    $groups = & "$System32\whoami.exe" /groups
    return [bool]("$groups" -match 'S-1-16-(12288|16384)')
}

# Whether it runs as SYSTEM, on a Windows where Sysprep does not support that.
function Test-UnsupportedSystem {
    $user = & "$System32\whoami.exe" /user
    if ("$user" -notmatch 'S-1-5-18\b') { return $false }
    $windows = Get-ItemProperty -LiteralPath $VersionKey -Name 'CurrentBuildNumber' -ErrorAction SilentlyContinue
    $build = if ($null -eq $windows) { '' } else { [string]$windows.CurrentBuildNumber }
    return $build -notmatch '^\d{1,9}$' -or [int]$build -ge $FirstBuildWithoutSystem
}

# The DLLs that take part in Sysprep, which loads every one: one that is missing breaks it half way and leaves the machine undeployable.
function Get-Provider {
    foreach ($part in $ProviderParts) {
        $key = "$ProvidersKey\$part"
        $item = Get-Item -LiteralPath $key -ErrorAction SilentlyContinue
        if ($null -eq $item) { continue }
        $values = Get-ItemProperty -LiteralPath $key
        foreach ($name in $item.Property) {
            $dll = ([string]$values.$name).Split(',')[0].Trim(' ', '"')
            $leaf = $dll.Substring($dll.LastIndexOf('\') + 1)
            # As the loader does it: .dll where there is no ending; a bare name in System32, beside Sysprep.exe and in the Windows folder.
            $file = $dll
            if (-not $leaf.Contains('.')) { $file += '.dll' }
            $places = @($file)
            if ($leaf -eq $dll) { $places = "$System32\$file", "$System32\Sysprep\$file", "$env:SystemRoot\$file" }
            $found = @($places | Where-Object { Test-Path -LiteralPath $_ })
            # Specialize runs on the next boot only, and a path with variables cannot be followed here.
            $breaks = $part -ne 'Specialize' -and $dll -and -not $dll.Contains('%') -and -not $found
            @{ Part = $part; Key = $key; Name = $name; Leaf = $leaf; Path = ($found + $places)[0]; Breaks = $breaks }
        }
    }
}

# Sysprep's processes. A SetupHost below the folder of a feature update is not one of them.
function Get-SysprepProcess {
    foreach ($process in @(Get-Process -Name $SysprepPrograms -ErrorAction SilentlyContinue)) {
        $path = try { [string]$process.Path } catch { '' }
        if ($path -notlike "*\$UpdateFolder\*") { $process.ProcessName }
    }
}

# What a probe has found; nothing where its answer is no.
function Get-Probed {
    param([hashtable]$Probe)
    if ($Probe.Kind -eq 'SysprepRuns') {
        $running = @(Get-SysprepProcess)
        if ($running) { return ($running -join ', ') }
        return
    }
    if ($Probe.Kind -eq 'KeyExists') {
        if (Test-Path -LiteralPath $Probe.Key) { return $Probe.Key }
        return
    }
    if ($Probe.Kind -eq 'ProcessRuns') {
        if (Get-Process -Name $Probe.Name -ErrorAction SilentlyContinue) { return $Probe.Name }
        return
    }
    $name = $Probe.Name
    $values = Get-ItemProperty -LiteralPath $Probe.Key -Name $name -ErrorAction SilentlyContinue
    if ($null -eq $values) { return }
    $text = [string]$values.$name
    $holds = switch ($Probe.Kind) {
        'ValueIs' { $text -eq $Probe.Text }
        'ValueIsNot' { $text -ne $Probe.Text }
        'ValueContains' { $text -like "*$($Probe.Text)*" }
    }
    if ($holds) { return $text }
}
# --- end of shared --------------------------------------------------------

# What was warned of and may be why Sysprep fails.
$Suspected = @{ Text = '' }
$Trace = @{ Salt = ''; Identity = ''; Problem = '' }

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

function Get-ServiceState {
    param([string]$Name)
    $service = Get-Service -Name $Name -ErrorAction SilentlyContinue
    if ($null -eq $service) { return 'missing' }
    if ($service.Status -ne 'Running' -and $service.StartType -eq 'Disabled') { return 'disabled' }
    return [string]$service.Status
}

function Show-Machine {
    $windows = Get-ItemProperty -LiteralPath $VersionKey -ErrorAction SilentlyContinue
    if ($null -ne $windows) {
        Write-Phase -Phase 'start' -Text ('{0}, build {1}, PowerShell {2}' -f $windows.ProductName, $windows.CurrentBuildNumber, $PSVersionTable.PSVersion)
    }
    $limits = 'services {0} s, sysprep {1} s, deadline {2} s' -f $Settings.ServiceTimeout, $Settings.SysprepTimeout, $Settings.Deadline
    Write-Phase -Phase 'start' -Text ('image state {0}; limits: {1}' -f (Get-ImageState), $limits)
}

function Assert-Elevated {
    if ($env:PROCESSOR_ARCHITEW6432) {
        Exit-Deprovision -Verdict 'NotReady' -Cause $Texts.Redirected
    }
    if (-not (Test-Elevated)) {
        Exit-Deprovision -Verdict 'NotElevated' -Cause $Texts.NotElevated
    }
    if (Test-UnsupportedSystem) {
        Write-Phase -Phase 'start' -Text "warning: $($Texts.RunningAsSystem)"
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
                elseif ($stoppedSince[$name] -ge 0 -and (Get-Elapsed) - $stoppedSince[$name] -ge $StartAfter) {
                    $stoppedSince[$name] = -1
                    & "$System32\sc.exe" start $name | Out-Null
                    Write-Phase -Phase 'wait-services' -Text "$name was stopped for $StartAfter s and has been asked to start (sc.exe: $LASTEXITCODE)"
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
        $settingUp = $imageState -eq $UnfinishedState
        if (-not ($missing -or $notRunning -or $optional -or $settingUp)) { return }
        if ((Get-Elapsed) -ge $limit) {
            if ($missing) { Exit-OnTimeout -Verdict 'AgentServiceMissing' -Cause ('not installed: ' + ($missing -join ', ')) }
            if ($notRunning) { Exit-OnTimeout -Verdict 'AgentServiceNotStarted' -Cause ('not running: ' + ($notRunning -join ', ')) }
            if ($settingUp) { Exit-OnTimeout -Verdict 'NotReady' -Cause ($Texts.SetupUnfinished -f $imageState) }
            Write-Phase -Phase 'wait-services' -Text ('going on without the optional ' + ($optional -join ', '))
            return
        }
        Wait-Moment -Since $since -Limit $limit
    }
}

function Assert-Provider {
    foreach ($provider in @(Get-Provider)) {
        if ($Settings.RemoveSysprepProviders -contains $provider.Leaf) {
            Remove-ItemProperty -LiteralPath $provider.Key -Name $provider.Name -Force
            Write-Phase -Phase 'prepare' -Text "removed the provider $($provider.Leaf) from SysPrepExternal\$($provider.Part)"
        }
        elseif ($provider.Breaks) {
            Exit-Deprovision -Verdict 'NotReady' -Cause ($Texts.ProviderMissing -f $provider.Leaf, $provider.Part, $provider.Path)
        }
    }
}

# Only what is certain refuses; the rest is a warning, and a suspicion where Sysprep fails afterwards.
function Assert-Ready {
    if (-not (Test-Path -LiteralPath $Sysprep)) {
        Exit-Deprovision -Verdict 'SysprepNotStarted' -Cause "$Sysprep is missing"
    }
    $holds = @()
    foreach ($check in $Checks) {
        if ($check['Unless'] | Where-Object { $holds -contains $_ }) { continue }
        $found = @(foreach ($probe in $check.Probes) { Get-Probed -Probe $probe })
        if ($found.Count -lt $check.Probes.Count) { continue }
        $holds += $check.Id
        $text = $Texts[$check.Id] -f $found[0]
        if ($check.Refuses -eq 'Always' -or ($check.Refuses -eq 'Strict' -and $Settings.Strict)) { Exit-Deprovision -Verdict 'NotReady' -Cause $text }
        Write-Phase -Phase 'prepare' -Text "warning: $text"
        if (-not $check['ForFirstStart']) { $Suspected.Text += "; suspected: $text" }
    }
    Assert-Provider
}

# Nothing of an earlier run may speak for this one: not its answer files, not its tag, not its logs.
function Clear-EarlierRun {
    foreach ($file in $AnswerFiles + $SuccessTag) {
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
        if ($lines[$i] -match $RunMarker) { return $lines[$i..($lines.Count - 1)] }
    }
    return $lines
}

# The first error of the run that is not known noise is the cause; what follows are its consequences.
function Get-SysprepError {
    foreach ($log in 'setuperr.log', 'setupact.log') {
        foreach ($line in @(Get-LastRun -Log $log)) {
            if ($line -match ', Error\s' -and $line -notmatch $Noise) { return ($line -replace '^\S+ \S+ Error\s+', '') }
        }
    }
    return 'its logs name no error'
}

function Write-SysprepLog {
    foreach ($log in 'setuperr.log', 'setupact.log') {
        $lines = @(Get-LastRun -Log $log)
        $shown = $LinesShown[$log]
        Write-Phase -Phase 'sysprep' -Text ('{0} of this run: {1} lines, the last {2} of them:' -f $log, $lines.Count, $shown)
        if ($lines.Count -gt $shown) { $lines = $lines[($lines.Count - $shown)..($lines.Count - 1)] }
        foreach ($line in $lines) { Write-Output "    | $line" }
    }
}

# The SID of this machine: that of an account of its own, without the account's number. None where there are no such accounts, as on a domain controller.
function Get-MachineSid {
    foreach ($account in @(Get-LocalUser)) {
        if ("$($account.SID)" -match '^(S-1-5-21-\d+-\d+-\d+)-\d+$') { return $Matches[1] }
    }
}

# The trace of an earlier image goes: where this run fails, nothing is to say that the machine is sealed. The new one gets a folder that
# only SYSTEM and the administrators can open, and the salted hash of the identity that Sysprep takes from this machine.
function Initialize-Trace {
    try {
        if (Test-Path -LiteralPath $TraceFolder) { Remove-Item -LiteralPath $TraceFolder -Recurse -Force }
        if ($Settings.NoTrace) { return }
        New-Item -Path $TraceFolder -ItemType Directory | Out-Null
        & "$System32\icacls.exe" $TraceFolder /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' /grant:r '*S-1-5-32-544:(OI)(CI)F' | Out-Null
        if ($LASTEXITCODE -ne 0) { throw "icacls.exe ended with $LASTEXITCODE" }
    }
    catch {
        $Trace.Problem = "$_"
        return
    }
    try {
        $sid = Get-MachineSid
        if (-not $sid) { return }
        $file = "$TraceFolder\identity.tmp"
        $salt = [string](New-Guid)
        Set-Content -LiteralPath $file -Value "$salt$sid" -Encoding Ascii -NoNewline
        $hash = [string](Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash
        Remove-Item -LiteralPath $file -Force
        $Trace.Salt = $salt
        $Trace.Identity = $hash.ToLowerInvariant()
    }
    catch {
        Write-Phase -Phase 'trace' -Text "warning: the identity of this machine is not known: $_"
    }
}

# So that somebody who looks at a VM from the image can tell that this has run, and that the VM is not the build VM.
function Write-Trace {
    if (-not ($Settings.NoTrace -or $Trace.Problem)) {
        $lines = @(
            '{'
            ('  "format": {0},' -f $TraceFormat)
            ('  "version": "{0}",' -f $Version)
            ('  "time": "{0:s}Z",' -f (Get-Date).ToUniversalTime())
            '  "verdict": "Sealed",'
            ('  "salt": "{0}",' -f $Trace.Salt)
            ('  "identity": "{0}"' -f $Trace.Identity)
            '}'
        )
        try {
            Set-Content -LiteralPath "$TraceFolder\$TraceName" -Value $lines -Encoding Ascii
            Write-Phase -Phase 'trace' -Text "left $TraceFolder\$TraceName"
        }
        catch { $Trace.Problem = "$_" }
    }
    if ($Trace.Problem) { Write-Phase -Phase 'trace' -Text "warning: $TraceFolder is not as it should be: $($Trace.Problem) The machine is sealed all the same." }
}

function Invoke-Sysprep {
    $arguments = $Switches
    if ($Settings.ModeVm) { $arguments += $ModeVmSwitch }
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
        $isRunning = -not $process.HasExited -or (Get-SysprepProcess)
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
        if ($null -ne $endedAt -and ($isLate -or (Get-Elapsed) - $endedAt -ge $Patience)) {
            $tag = if (Test-Path -LiteralPath $SuccessTag) { 'with' } else { 'without' }
            $cause = 'Sysprep ended with the image state {0} and {1} its success tag; first error: {2}{3}' -f $state, $tag, (Get-SysprepError), $Suspected.Text
            Write-SysprepLog
            Exit-Deprovision -Verdict 'SysprepNotSealed' -Cause $cause
        }
        if ($isLate) {
            $cause = 'Sysprep is not done after {0} s; image state {1}; first error: {2}{3}' -f $Settings.SysprepTimeout, $state, (Get-SysprepError), $Suspected.Text
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
    Initialize-Trace
    Invoke-Sysprep
    Write-Phase -Phase 'verify' -Text "image state is $SealedState, Sysprep_succeeded.tag is there, Sysprep has ended"
    Invoke-Hook -Phase 'after' -Name 'AfterScript' -Text $Settings.AfterScript
    Write-Trace
    Exit-Deprovision -Verdict 'Sealed' -Cause 'the machine is generalized'
}
catch {
    Exit-Deprovision -Verdict 'Unexpected' -Cause "$_ (line $($_.InvocationInfo.ScriptLineNumber))"
}
