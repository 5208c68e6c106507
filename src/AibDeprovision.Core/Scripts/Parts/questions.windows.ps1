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
