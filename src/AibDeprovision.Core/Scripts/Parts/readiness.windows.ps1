# Looks whether this machine can be generalized, and changes nothing: for a customizer before the end of an Azure Image
# Builder build. Each finding is a line '>>> AibDeprovision [ ...s] readiness: SEVERITY RULE: ...', and the last line is the
# verdict. Exit codes: 0 ready, 12 not ready, 1 when the script itself fails. Only what is certain to fail is not ready.
# Made by AibDeprovision (New-AibDeprovisionScript -Platform Windows -ReadinessOnly). Times are in seconds.

# --- settings -------------------------------------------------------------
$Settings = @{
    Strict          = $false
    QuestionTimeout = 120
}
# --- end of settings ------------------------------------------------------

# --- facts ----------------------------------------------------------------
$ExitCodes = @{
    Ready      = 0
    Unexpected = 1
    NotReady   = 12
}
$StateKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State'
$ProvidersKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\SysPrepExternal'
$ProviderParts = @('Generalize', 'Cleanup', 'Specialize')
$VersionKey = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$SysprepPrograms = @('sysprep', 'SetupHost')
$UpdateFolder = '$WINDOWS.~BT'
$FirstBuildWithoutSystem = 26100
$Texts = @{
    NotElevated            = 'Sysprep needs an elevated administrator. Use runElevated: true in the customizer, or an elevated PowerShell.'
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
    AnswerFile             = 'An answer file is left: Windows goes by it at the first start of every VM made from the image, and it may hold passwords. Remove it before Sysprep runs: Repair-AibDeprovisionReadiness AnswerFile; the hardened deprovision script does so by itself.'
    PendingFileRenames     = 'Files are to be renamed or deleted by the next start. Sysprep notes that and goes on. Make WindowsRestart the last customizer.'
    AgentServiceMissing    = 'The service {0} of the guest agent is not installed: on a fast build it may come later, and without it no wait for it ends. Put a step of 60 s before the end of the build, or use a bigger VM; where a customizer removes the agent, leave it.'
    AgentServiceDisabled   = 'The service {0} of the guest agent is disabled and does not run, so it cannot start: the wait for it never succeeds. Enable it: Repair-AibDeprovisionReadiness AgentServiceDisabled, or sc.exe config {0} start= auto; and look which customizer disables it.'
    AgentServiceStaysOff   = 'The service {0} of the guest agent runs, and is disabled for the next start. Enable it: Repair-AibDeprovisionReadiness AgentServiceStaysOff, or sc.exe config {0} start= auto.'
    WinRmDisabled          = 'The service WinRM is disabled for the next start, and Azure Image Builder works over it. Leave WinRM as it is until the end of the build; Repair-AibDeprovisionReadiness WinRmDisabled enables it.'
    WinRmListenerMissing   = 'WinRM has no listener for HTTPS, by which Azure Image Builder works on port 5986. Leave WinRM''s listeners as they are until the end of the build.'
    WinRmPortChanged       = 'WinRM''s listener for HTTPS is on port {0} instead of 5986. Leave WinRM''s listeners as they are until the end of the build.'
    DomainMember           = 'The machine has the primary DNS suffix {0}, as members of a domain have. Sysprep takes a machine out of its domain. Join VMs to the domain, and not their image.'
    DiskSpaceLow           = 'Only {0} MB are free on the drive of Windows. Remove what the build has left, or use a bigger disk.'
    ProviderMissing        = 'The provider {0} under SysPrepExternal\{1} is registered, but {2} is missing; Sysprep would break on it. Take it out of the registry: -RemoveSysprepProvider {0}, or Repair-AibDeprovisionReadiness ProviderMissing.'
    ProviderHidden         = 'The provider {0} under SysPrepExternal\{1} has the hidden attribute ({2}); Sysprep has been seen not to load such a DLL. Take the attribute from it: Repair-AibDeprovisionReadiness ProviderHidden, or attrib -h.'
    ShutdownTask           = 'The scheduled task {0} runs shutdown.exe. Remove the task if the build has made it: Unregister-ScheduledTask.'
    RunningAsSystem        = 'Running as SYSTEM; Windows 11 24H2, Server 2025 and later do not support Sysprep from SYSTEM (black screen at first logon). Use runElevated: true without runAsSystem in the customizer.'
    AppxNotProvisioned     = 'The app {0} is installed for a user, but not provisioned for all users; Sysprep may refuse with 0x80073cf2. Remove it: Repair-AibDeprovisionReadiness AppxNotProvisioned, or Remove-AppxPackage -AllUsers -Package {0}; and switch the Store''s updates off at the begin of the build.'
    BitLockerOn            = 'BitLocker has the drive of Windows not fully decrypted (conversion status {0}); Sysprep refuses that, protected or not (0x80310039). Decrypt it: manage-bde -off {1}, and wait until manage-bde -status says Fully Decrypted; set PreventDeviceEncryption to 1 at the begin of the build.'
    RearmsUsedUp           = 'Windows has no rearm left, and generalizing needs one (0xc004d307). Build from an image that was generalized less often.'
    AdministratorMustChangePassword = 'The built-in Administrator ({0}) is enabled and must change its password at the next logon. Disable-LocalUser Administrator, or give it a password that does not expire, before Sysprep.'
    AdministratorLocked    = 'The built-in Administrator ({0}) is locked out. Unlock it before Sysprep, or wait until the lockout is over.'
    WindowsCheckFailed     = '{0} could not be checked: {1}. Look at it by hand, or leave the rule out with -Exclude.'
    Redirected             = 'This is a 32-bit process on 64-bit Windows, which is shown other files and keys than Sysprep is. Use the PowerShell of C:\Windows\System32, or of C:\Windows\sysnative from a 32-bit program.'
}
$Severities = @{
    NotElevated            = 'Error'
    SysprepRunning         = 'Error'
    AlreadyGeneralized     = 'Error'
    SealedStateOnly        = 'Warning'
    SetupUnfinished        = 'Error'
    GeneralizationBrokeOff = 'Warning'
    RestartPending         = 'Warning'
    RestartRequired        = 'Warning'
    RestartInProgress      = 'Warning'
    ServicingSession       = 'Warning'
    ServicingBusy          = 'Warning'
    ReservedStorageInUse   = 'Warning'
    DefenderOnboarded      = 'Warning'
    CdromDisabled          = 'Error'
    RemovableStorageDenied = 'Warning'
    AnswerFile             = 'Warning'
    PendingFileRenames     = 'Information'
    AgentServiceMissing    = 'Warning'
    AgentServiceDisabled   = 'Error'
    AgentServiceStaysOff   = 'Warning'
    WinRmDisabled          = 'Warning'
    WinRmListenerMissing   = 'Warning'
    WinRmPortChanged       = 'Warning'
    DomainMember           = 'Information'
    DiskSpaceLow           = 'Information'
    ProviderMissing        = 'Error'
    ProviderHidden         = 'Warning'
    ShutdownTask           = 'Information'
    RunningAsSystem        = 'Warning'
    AppxNotProvisioned     = 'Warning'
    BitLockerOn            = 'Error'
    RearmsUsedUp           = 'Warning'
    AdministratorMustChangePassword = 'Warning'
    AdministratorLocked    = 'Information'
    WindowsCheckFailed     = 'Warning'
    Redirected             = 'Error'
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
    @{ Id = 'AnswerFile'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'FileExists'; Text = '\System32\Sysprep\unattend.xml' }
    ) }
    @{ Id = 'AnswerFile'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'FileExists'; Text = '\Panther\unattend.xml' }
    ) }
    @{ Id = 'PendingFileRenames'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ValueIsNot'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'; Name = 'PendingFileRenameOperations'; Text = '' }
    ) }
    @{ Id = 'AgentServiceMissing'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'KeyMissing'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Services\RdAgent'; Name = 'RdAgent' }
    ) }
    @{ Id = 'AgentServiceDisabled'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ServiceDisabled'; Name = 'RdAgent' }
    ) }
    @{ Id = 'AgentServiceStaysOff'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ServiceRuns'; Name = 'RdAgent' }
        @{ Kind = 'ValueIs'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Services\RdAgent'; Name = 'Start'; Text = '4' }
    ) }
    @{ Id = 'AgentServiceMissing'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'KeyMissing'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Services\WindowsAzureGuestAgent'; Name = 'WindowsAzureGuestAgent' }
    ) }
    @{ Id = 'AgentServiceDisabled'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ServiceDisabled'; Name = 'WindowsAzureGuestAgent' }
    ) }
    @{ Id = 'AgentServiceStaysOff'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ServiceRuns'; Name = 'WindowsAzureGuestAgent' }
        @{ Kind = 'ValueIs'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Services\WindowsAzureGuestAgent'; Name = 'Start'; Text = '4' }
    ) }
    @{ Id = 'WinRmDisabled'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ValueIs'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Services\WinRM'; Name = 'Start'; Text = '4' }
    ) }
    @{ Id = 'WinRmListenerMissing'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'KeyMissing'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*+HTTPS'; Name = 'HTTPS' }
    ) }
    @{ Id = 'WinRmPortChanged'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ValueIsNot'; Key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*+HTTPS'; Name = 'Port'; Text = '5986' }
    ) }
    @{ Id = 'DomainMember'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'ValueIsNot'; Key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'; Name = 'Domain'; Text = '' }
    ) }
    @{ Id = 'DiskSpaceLow'; Refuses = 'Never'; Probes = @(
        @{ Kind = 'FreeBelow'; Text = '1024' }
    ) }
)
$Questions = @(
    @{ Name = 'Appx'; What = 'Apps that are installed for a user'; Zero = 'Nothing'; Rules = @(@{ Id = 'AppxNotProvisioned'; Word = '' }) }
    @{ Name = 'BitLocker'; What = 'BitLocker''s state of the drive of Windows'; Zero = 'Passes'; Rules = @(@{ Id = 'BitLockerOn'; Word = '' }) }
    @{ Name = 'Rearm'; What = 'The number of rearms that are left'; Zero = 'Holds'; Rules = @(@{ Id = 'RearmsUsedUp'; Word = '' }) }
    @{ Name = 'Administrator'; What = 'The built-in Administrator'; Zero = 'Nothing'; Rules = @(@{ Id = 'AdministratorMustChangePassword'; Word = 'password' }, @{ Id = 'AdministratorLocked'; Word = 'locked' }) }
)
$Asking = {
# Asks a Windows machine what only commands of PowerShell can tell, for the checks before Sysprep. It changes nothing.
# Each line is a question's name, a bar, and what was found; the last of a question says 'done', or 'failed' and why.
# --- settings -------------------------------------------------------------
$Questions = @('Appx', 'BitLocker', 'Rearm', 'Administrator')
# --- end of settings ------------------------------------------------------
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Packages of users that are no part of Windows, no library of others, and not provisioned by their name.
function Get-AppxAnswer {
    $provisioned = @(Get-AppxProvisionedPackage -Online | ForEach-Object { $_.DisplayName })
    foreach ($package in @(Get-AppxPackage -AllUsers)) {
        if ($package.IsFramework -or $package.IsResourcePackage -or "$($package.SignatureKind)" -eq 'System' -or $provisioned -contains $package.Name) { continue }
        if ("$($package.PackageUserInformation)" -match 'Installed') { $package.PackageFullName }
    }
}

# 0 is fully decrypted; all else Sysprep refuses.
function Get-BitLockerAnswer {
    $space = 'root/cimv2/security/MicrosoftVolumeEncryption'
    if (-not (Get-CimClass -Namespace $space -ClassName Win32_EncryptableVolume -ErrorAction SilentlyContinue)) { return }
    foreach ($volume in @(Get-CimInstance -Namespace $space -ClassName Win32_EncryptableVolume -Filter "DriveLetter = '$env:SystemDrive'")) {
        $status = Invoke-CimMethod -InputObject $volume -MethodName GetConversionStatus
        if ($status.ReturnValue -ne 0) { throw "GetConversionStatus gives $($status.ReturnValue)" }
        "$($status.ConversionStatus)|$($volume.DriveLetter)"
    }
}

function Get-RearmAnswer {
    $skip = (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform' -ErrorAction SilentlyContinue).SkipRearm
    if ($skip -ne 1) { (Get-CimInstance -ClassName SoftwareLicensingService -Property RemainingWindowsReArmCount).RemainingWindowsReArmCount }
}

# By its number, since its name is translated and may have been changed. One that has to change its password has never set one.
function Get-AdministratorAnswer {
    foreach ($user in @(Get-LocalUser | Where-Object { "$($_.SID)" -match '-500$' -and $_.Enabled })) {
        if ($null -eq $user.PasswordLastSet -and $user.PasswordRequired) { "$($user.Name)|password" }
        if ((Get-CimInstance -ClassName Win32_UserAccount -Filter "SID = '$($user.SID)'" -Property Lockout).Lockout) { "$($user.Name)|locked" }
    }
}

foreach ($question in $Questions) {
    try {
        foreach ($answer in @(& "Get-${question}Answer")) { "$question|$answer" }
        "$question|done"
    }
    catch {
        "$question|failed|$("$_" -replace '\s+', ' ')"
    }
}
}
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

$Count = @{ Error = 0; Warning = 0; Information = 0 }
$Holds = @{}

function Write-Finding {
    param([string]$Id, [object[]]$Found)
    $Holds[$Id] = $true
    $Count[$Severities[$Id]]++
    Write-Phase -Phase 'readiness' -Text ('{0} {1}: {2}' -f $Severities[$Id], $Id, ($Texts[$Id] -f $Found))
}

# The probes that a deprovision does not have.
function Get-MoreProbed {
    param([hashtable]$Probe)
    switch ($Probe.Kind) {
        'KeyMissing' { if (-not (Test-Path -LiteralPath $Probe.Key)) { $Probe.Name } }
        'FileExists' { if (Test-Path -LiteralPath "$env:SystemRoot$($Probe.Text)") { "$env:SystemRoot$($Probe.Text)" } }
        'ServiceRuns' { if (Get-Service -Name $Probe.Name -ErrorAction SilentlyContinue | Where-Object { $_.Status -eq 'Running' }) { $Probe.Name } }
        'ServiceDisabled' { if (Get-Service -Name $Probe.Name -ErrorAction SilentlyContinue | Where-Object { $_.Status -ne 'Running' -and $_.StartType -eq 'Disabled' }) { $Probe.Name } }
        'FreeBelow' {
            $free = [long](Get-PSDrive -Name $env:SystemDrive.Substring(0, 1)).Free / 1MB
            if ($free -lt [long]$Probe.Text) { [long]$free }
        }
        default { Get-Probed -Probe $Probe }
    }
}

function Find-Probed {
    foreach ($check in $Checks) {
        if ($check['Unless'] | Where-Object { $Holds.Keys -contains $_ }) { continue }
        try {
            $found = @(foreach ($probe in $check.Probes) { Get-MoreProbed -Probe $probe })
            if ($found.Count -eq $check.Probes.Count) { Write-Finding -Id $check.Id -Found $found }
        }
        catch {
            Write-Finding -Id 'WindowsCheckFailed' -Found $check.Id, "$_"
        }
    }
}

function Find-Provider {
    foreach ($provider in @(Get-Provider)) {
        if ($provider.Breaks) { Write-Finding -Id 'ProviderMissing' -Found $provider.Leaf, $provider.Part, $provider.Path }
        elseif ((Test-Path -LiteralPath $provider.Path) -and "$((Get-Item -LiteralPath $provider.Path -Force).Attributes)" -match 'Hidden') {
            Write-Finding -Id 'ProviderHidden' -Found $provider.Leaf, $provider.Part, $provider.Path
        }
    }
}

function Find-ShutdownTask {
    $folder = "$System32\Tasks"
    foreach ($task in @(Get-ChildItem -LiteralPath $folder -Recurse -File -ErrorAction SilentlyContinue)) {
        if (Select-String -LiteralPath $task.FullName -Pattern 'shutdown\.exe' -Quiet -ErrorAction SilentlyContinue) {
            Write-Finding -Id 'ShutdownTask' -Found $task.FullName.Substring($folder.Length)
        }
    }
}

# What only commands tell that may be slow, or never come back: asked by a process of its own, and not waited for longer than the limit.
function Find-Answer {
    $lines = @()
    $reason = 'Windows PowerShell ended without an answer'
    try {
        $job = Start-Job -ScriptBlock $Asking
        if (-not (Wait-Job -Job $job -Timeout $Settings.QuestionTimeout)) {
            $reason = 'Windows PowerShell had not answered within {0} s and was ended' -f $Settings.QuestionTimeout
        }
        $lines = @(Receive-Job -Job $job -ErrorAction SilentlyContinue)
    }
    catch {
        $reason = "$_"
    }
    foreach ($question in $Questions) {
        $isDone = $false
        foreach ($line in $lines) {
            $name, $answer = "$line" -split '\|', 2
            if ($name -ne $question.Name) { continue }
            if ($answer -eq 'done') { $isDone = $true }
            elseif ($answer -like 'failed|*') {
                $isDone = $true
                Write-Finding -Id 'WindowsCheckFailed' -Found $question.What, $answer.Substring('failed|'.Length)
            }
            else {
                $found = @("$answer" -split '\|')
                $passes = ($question.Zero -eq 'Holds' -and $found[0] -ne '0') -or ($question.Zero -eq 'Passes' -and $found[0] -eq '0')
                foreach ($rule in $question.Rules) {
                    if (-not $passes -and (-not $rule.Word -or $found[-1] -eq $rule.Word)) { Write-Finding -Id $rule.Id -Found $found }
                }
            }
        }
        if (-not $isDone) { Write-Finding -Id 'WindowsCheckFailed' -Found $question.What, $reason }
    }
}

try {
    $windows = Get-ItemProperty -LiteralPath $VersionKey -ErrorAction SilentlyContinue
    if ($null -ne $windows) {
        Write-Phase -Phase 'start' -Text ('{0}, build {1}, PowerShell {2}' -f $windows.ProductName, $windows.CurrentBuildNumber, $PSVersionTable.PSVersion)
    }
    if ($env:PROCESSOR_ARCHITEW6432) { Write-Finding -Id 'Redirected' }
    if (-not (Test-Elevated)) { Write-Finding -Id 'NotElevated' }
    Find-Probed
    Find-Provider
    Find-ShutdownTask
    if (Test-UnsupportedSystem) { Write-Finding -Id 'RunningAsSystem' }
    Find-Answer
    $sum = '{0} errors, {1} warnings, {2} to know' -f $Count.Error, $Count.Warning, $Count.Information
    if ($Count.Error -or ($Settings.Strict -and $Count.Warning)) { Exit-Deprovision -Verdict 'NotReady' -Cause $sum }
    Exit-Deprovision -Verdict 'Ready' -Cause $sum
}
catch {
    Exit-Deprovision -Verdict 'Unexpected' -Cause "$_ (line $($_.InvocationInfo.ScriptLineNumber))"
}
