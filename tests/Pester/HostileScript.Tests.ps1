# Scripts that try to reach this machine through the modules that only a real PowerShell has.
BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $url = "http://127.0.0.1:$($listener.LocalEndpoint.Port)/x"
    $sleep = if ($IsWindows -or $PSEdition -eq 'Desktop') { @{ FilePath = 'ping.exe'; ArgumentList = '-n 600 127.0.0.1' } } else { @{ FilePath = 'sleep'; ArgumentList = '600' } }
    $victim = Start-Process @sleep -PassThru
    $canary = Join-Path -Path $TestDrive -ChildPath 'canary.txt'
    $planted = Join-Path -Path $TestDrive -ChildPath 'planted.ps1'
    $module = Join-Path -Path $TestDrive -ChildPath 'Planted/Planted.psm1'
    Set-Content -Path $planted -Value "Set-Content -Path '$canary' -Value 'dead'"
    New-Item -ItemType Directory -Path (Split-Path -Path $module) | Out-Null
    Set-Content -Path $module -Value "Set-Content -Path '$canary' -Value 'dead'; function Invoke-Planted { }"
    $modulePath = $env:PSModulePath
    $env:PSModulePath = "$TestDrive$([IO.Path]::PathSeparator)$modulePath"
}

AfterAll {
    $env:PSModulePath = $modulePath
    $listener.Stop()
    $victim | Stop-Process -ErrorAction SilentlyContinue
}

Describe 'A hostile script in a rehearsal' {
    BeforeEach { Set-Content -Path $canary -Value 'alive' }

    It 'reaches nothing with <_>' -ForEach @(
        'if ($false) { function Invoke-RestMethod {} }; $null = Invoke-RestMethod URL; exit 0'
        'function Outer { function Invoke-RestMethod { 1 } }; Invoke-RestMethod URL; exit 0'
        'function Outer { function Invoke-RestMethod { 1 } }; Outer; Invoke-RestMethod URL; exit 0'
        'if ($false) { function irm {} }; irm URL; exit 0'
        'if ($false) { function Stop-Process {} }; Stop-Process -Id VICTIM -Force; exit 0'
        'if ($false) { function spps {} }; spps -Id VICTIM; exit 0'
        'function Microsoft.PowerShell.Management\Stop-Process {}; Microsoft.PowerShell.Management\Stop-Process -Id VICTIM; exit 0'
        'if ($false) { function Microsoft.PowerShell.Utility\Invoke-RestMethod {} }; Microsoft.PowerShell.Utility\Invoke-RestMethod URL; exit 0'
        'Microsoft.PowerShell.Utility\Invoke-RestMethod URL; exit 0'
        'if ($false) { function Get-Command {} }; & (Get-Command Invoke-RestMethod) URL; exit 0'
        'if ($false) { function Set-Alias {} }; Set-Alias Get-Service Invoke-RestMethod; Get-Service URL; exit 0'
        'if ($false) { function New-Alias {}; function x {} }; New-Alias x Invoke-RestMethod; x URL; exit 0'
        'function f { [Alias("Invoke-RestMethod")] param() }; f; Invoke-RestMethod URL; exit 0'
        'if ($false) { function Import-Module {} }; Import-Module Planted; exit 0'
        'if ($false) { function Invoke-Planted {} }; Invoke-Planted; exit 0'
        'if ($false) { function Planted\Invoke-Planted {} }; Planted\Invoke-Planted; exit 0'
        '$PSModuleAutoLoadingPreference = "All"; if ($false) { function Invoke-Planted {} }; Invoke-Planted; exit 0'
        'function f { param($PSModuleAutoLoadingPreference) if ($false) { function Invoke-Planted {} }; Invoke-Planted }; f All; exit 0'
        'if ($false) { function Set-Variable {} }; Set-Variable PSModuleAutoLoadingPreference All -Force; exit 0'
        'if ($false) { function PLANTED {} }; PLANTED; exit 0'
        '& "PLANTED"; exit 0'
        '. "PLANTED"; exit 0'
        '$n = "Invoke-" + "RestMethod"; & $n URL; exit 0'
        '$b = { Invoke-RestMethod URL }; & $b; exit 0'
        '$b = { Invoke-RestMethod URL }; . $b; exit 0'
        '1 | ForEach-Object -MemberName GetType; 1 | ForEach-Object { Invoke-RestMethod URL }; exit 0'
        '@(1).ForEach({ Invoke-RestMethod URL }); exit 0'
        'Invoke-Expression "Invoke-RestMethod URL"; exit 0'
        'Invoke-Expression "if (`$false) { function Invoke-RestMethod {} }; Invoke-RestMethod URL"; exit 0'
        'using module Planted'
        "# c`rusing module Planted"
        "#`u{2028}using module Planted"
        "using`r`n <# c #> module Planted"
        "& `"whoami`u{2019}; Invoke-RestMethod URL #\sysprep`"; exit 0"
        "& `"whoami`u{2018}; Invoke-RestMethod URL #\sysprep`"; exit 0"
        '& "whoami''; Invoke-RestMethod URL #\sysprep"; exit 0'
        'trap { continue }; try { Invoke-RestMethod URL } catch { }; Invoke-RestMethod URL; exit 0'
        'kill -Id VICTIM; Stop-Process -Id VICTIM; Get-Process | Stop-Process; exit 0'
        'function Invoke-SimulatedProgram { }; Invoke-RestMethod URL; exit 0'
        'Invoke-SimulatedProgram -Program "PLANTED"; exit 0'
        'workflow w { }; configuration c { Node x { } }'
        '[Net.WebClient]::new().DownloadString("URL"); exit 0'
        '[Net.Sockets.TcpClient]::new().Connect("127.0.0.1", ([uri] "URL").Port); exit 0'
        '[IO.StreamWriter]::new("CANARY").Dispose(); exit 0'
        '[IO.FileStream]::new("CANARY", "Create").Dispose(); exit 0'
        '[IO.FileInfo]::new("CANARY").Delete(); exit 0'
        '$t = [IO.FileInfo]; $t::new("CANARY").Delete(); exit 0'
        '$n = "new"; [IO.FileInfo]::$n("CANARY").Delete(); exit 0'
        '([IO.FileInfo] "CANARY").Delete(); exit 0'
        '[Diagnostics.Process]::GetProcessById(VICTIM).Kill(); exit 0'
        '$p = [Diagnostics.Process]::new(); $p.StartInfo.FileName = "PLANTED"; $p.Start(); exit 0'
        '[Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace().Open(); exit 0'
        '[powershell]::Create().AddScript("Set-Content -Path ''CANARY'' -Value dead").Invoke(); exit 0'
        '[scriptblock]::Create("Invoke-RestMethod URL").Invoke(); exit 0'
        '(New-Object Net.WebClient).DownloadString("URL"); exit 0'
        'New-Object IO.StreamWriter "CANARY"; exit 0'
        '$l = [Collections.Generic.List[string]]::new(); $l.Add("CANARY"); $l.ForEach("Delete"); exit 0'
    ) {
        $script = $_.Replace('URL', $url).Replace('VICTIM', $victim.Id).Replace('PLANTED', $planted).Replace('CANARY', $canary)
        $result = Invoke-AibDeprovisionRehearsal -ScriptText $script -Scenario 'agent-present'
        $result.Outcome | Should -BeIn 'NotRehearsable', 'FalseSuccess', 'Failed', 'SessionLost'
        $listener.Pending() | Should -BeFalse
        $victim.HasExited | Should -BeFalse
        Get-Content -Path $canary | Should -Be 'alive'
        (Get-Module -Name 'Planted') | Should -BeNullOrEmpty
    }

    It 'reaches nothing as a shell script with <_>' -Skip:(-not $IsLinux) -ForEach @(
        'kill -9 VICTIM; kill -9 -1; exit 0'
        'echo dead >CANARY; rm -f CANARY; ln -s CANARY /tmp/link; echo dead >/tmp/link; exit 0'
        'exec 3<>/dev/tcp/127.0.0.1/PORT; echo x >&3; exit 0'
        'bash -c "exec 3<>/dev/tcp/127.0.0.1/PORT"; busybox wget -O - URL; exit 0'
        'for fd in /proc/self/fd/* /proc/1/fd/*; do cat "$fd/CANARY"; echo dead >"$fd/../CANARY"; done 2>/dev/null; exit 0'
        'for root in /proc/*/root /proc/*/cwd; do echo dead >"${root}CANARY"; done 2>/dev/null; exit 0'
        'unshare --user --map-root-user --mount sh -c "echo dead >CANARY"; exit 0'
        'mkdir /tmp/m; mount -t tmpfs none /tmp/m; mount -t cgroup2 none /tmp/m; mount -o remount,rw /usr/lib; umount -l /usr/lib; echo dead >CANARY; exit 0'
        'trap "" TERM INT HUP USR1 USR2; (setsid sh -c "sleep 1; echo dead >CANARY" &) ; exit 0'
        'chroot /proc/1/root sh -c "echo dead >CANARY"; nsenter -t 1 -a sh -c "echo dead >CANARY"; exit 0'
    ) {
        $script = "#!/bin/bash`n" + $_.Replace('URL', $url).Replace('VICTIM', $victim.Id).Replace('PORT', $listener.LocalEndpoint.Port).Replace('CANARY', $canary) + "`n"
        $result = Invoke-AibDeprovisionRehearsal -ScriptText $script -Scenario 'agent-present'
        $result.Outcome | Should -BeIn 'NotRehearsable', 'FalseSuccess', 'Failed', 'SessionLost', 'Hung'
        $listener.Pending() | Should -BeFalse
        $victim.HasExited | Should -BeFalse
        Get-Content -Path $canary | Should -Be 'alive'
    }

    It 'learns nothing of this machine with <_>' -ForEach @(
        '[datetime]::get_Now()'
        '[datetime]::Parse("12:00")'
        '[string].Assembly.Location'
        '(1).GetType().Assembly.Location'
        '$n = "GetType"; (1).$n().Assembly.Location'
        '$n = "ps" + "base"; "x".$n'
        '("x").ForEach("GetType").Assembly.Location'
        '"x".PSObject.Methods["GetType"].Invoke().Assembly.Location'
        '$Host.Runspace.Name'
        '$MyInvocation.MyCommand.Module.Path'
        'try { 1 / 0 } catch { $_.Exception.TargetSite.Module.FullyQualifiedName }'
        'function f { [CmdletBinding()] param() $PSCmdlet.SessionState.Path.CurrentLocation }; f'
        '${P`ID}'
    ) {
        (Invoke-AibDeprovisionRehearsal -ScriptText "$_`nexit 0" -Scenario 'agent-present').Outcome | Should -Be 'NotRehearsable'
    }

    It 'has the clock of the VM with <_>' -ForEach '[datetime]"12:00"', '"12:00" -as [datetime]', 'Get-Date "12:00"', 'if ((Get-Date) -lt "12:00") { [datetime] $t = "12:00"; $t }' {
        (Invoke-AibDeprovisionRehearsal -ScriptText "$_`nexit 0" -Scenario 'agent-present').Output | Should -Be '01/15/2026 12:00:00'
    }

    It 'prints no commands to the terminal, and no secrets' {
        $esc = [char]27
        $script = "Write-Output `"$esc[2Jpassword=hunter2`"; throw `"$esc]0;Sealed$([char]7) -Password hunter2 failed`""
        $result = Invoke-AibDeprovisionRehearsal -ScriptText $script -Scenario 'agent-present'
        $text = ($result | Format-List -Property * | Out-String) + ($result | Format-Table | Out-String) + ($result.Output -join '')
        $text | Should -Not -Match "$esc|hunter2|$([char]7)"
        $result.Output[0] | Should -Be '\u001b[2Jpassword=***'
    }
}
