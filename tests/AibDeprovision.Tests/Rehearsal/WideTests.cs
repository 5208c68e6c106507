using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>What scripts do besides: it is simulated, or taken as done and said, or refused where it is reached and only there.</summary>
public sealed class WideTests
{
    private readonly SimulatedVm _vm = new();

    [Theory]
    [InlineData("Optimize-Volume -DriveLetter C -Verbose")]
    [InlineData("Get-ScheduledTask -TaskName x -ErrorAction SilentlyContinue | Disable-ScheduledTask")]
    [InlineData("Register-ScheduledTask -TaskName x -Action (New-ScheduledTaskAction -Execute cmd.exe) -Trigger (New-ScheduledTaskTrigger -AtStartup)")]
    [InlineData("Set-NetFirewallProfile -All -Enabled False")]
    [InlineData("winrm quickconfig -q")]
    [InlineData("Set-MpPreference -DisableRealtimeMonitoring $true")]
    [InlineData("Clear-EventLog -LogName Application")]
    [InlineData("wevtutil.exe el | ForEach-Object { wevtutil.exe cl $_ }")]
    [InlineData("icacls C:\\x /grant Everyone:F; takeown /f C:\\x")]
    [InlineData("cmd /c 'ipconfig /flushdns'")]
    [InlineData("Disable-LocalUser -Name Administrator")]
    [InlineData("Start-Process dism.exe -ArgumentList '/online /Cleanup-Image /StartComponentCleanup' -Wait")]
    [InlineData("Remove-Item WSMan:\\localhost\\listener\\listener* -Recurse")]
    public void What_cannot_matter_to_the_seal_is_taken_as_done_and_said(string script)
    {
        var result = Run("'before'\n" + script + "\nexit 7");
        Assert.True((RehearsalOutcome.Failed, 7) == (result.Outcome, result.ExitCode), $"{result.Outcome} {result.Detail}");
        Assert.Matches("^not simulated: [^,]+, line 2", result.Detail);
    }

    [Theory]
    [InlineData("New-ScheduledTaskAction -Execute 'C:\\Windows\\System32\\Sysprep\\Sysprep.exe'")]
    [InlineData("schtasks /create /tn x /tr 'shutdown /s'")]
    [InlineData("dism /online /enable-feature /featurename:x")]
    [InlineData("Start-ScheduledTask -TaskName x")]
    [InlineData("Get-WindowsOptionalFeature -Online")]
    public void What_could_matter_is_not_taken_as_done(string script) => Assert.Equal(RehearsalOutcome.NotRehearsable, Run(script + "; exit 7").Outcome);

    [Theory]
    [InlineData("if ($false) { [Net.WebClient]::new().DownloadFile('a', 'b') }")]
    [InlineData("if ($false) { Add-Type -TypeDefinition 'class X { }' }")]
    [InlineData("function Get-It { param([System.IO.FileInfo]$f, [Net.IPAddress]$a) $f.Length }")]
    [InlineData("try { 1 } catch { [System.Runtime.InteropServices.Marshal]::GetHRForException($_.Exception) }")]
    [InlineData("$x = if ($false) { [xml]'<a/>' } else { 'x' }")]
    [InlineData("if ($false -and [Net.Dns]::GetHostName()) { 1 }")]
    [InlineData("if ($false) { $x = \"host: $([Net.Dns]::GetHostName())\" }")]
    [InlineData("switch ('a') { 'b' { [Net.Dns]::GetHostName() } }")]
    [InlineData("if ($false) { $s = [Net.Sockets.TcpClient]::new(\n'x',\n1) }")]
    public void What_cannot_be_rehearsed_counts_only_where_it_is_reached(string script)
    {
        var result = Run(script + "\nexit 7");
        Assert.True((RehearsalOutcome.Failed, 7) == (result.Outcome, result.ExitCode), $"{result.Outcome} {result.Detail} {result.Cause}");
        var reached = Run(script.Replace("$false -and", "$true -and", StringComparison.Ordinal).Replace("if ($false)", "if ($true)", StringComparison.Ordinal)
            .Replace("try { 1 }", "try { throw 1 }", StringComparison.Ordinal).Replace("'b' {", "'a' {", StringComparison.Ordinal) + "\n" + (script.StartsWith("function", StringComparison.Ordinal) ? "Get-It" : "") + "\nexit 7");
        Assert.True(reached.Outcome == RehearsalOutcome.NotRehearsable, $"{reached.Outcome} {reached.Detail}");
        Assert.Matches(", line [1-3]$", reached.Detail);
    }

    [Theory]
    [InlineData("[math]::Max(3, 4); [Math]::Round(2.567, 1)", "4|2.6")]
    [InlineData("$c = '{ \"name\": \"n\", \"a b\": [1, 2.5, true, null], \"o\": { \"x\": -3 } }' | ConvertFrom-Json; $c.name; $c.'a b'.Count; $c.'a b'[1]; $c.o.x + 1", "n|4|2.5|-2")]
    [InlineData("try { '{ no' | ConvertFrom-Json } catch { $_.Exception.Message }; 'false' | ConvertFrom-Json", "Invalid JSON primitive.|False")]
    [InlineData("[pscustomobject]@{ A = 1 } | ForEach-Object { $_.A }", "1")]
    [InlineData("$o = New-Object PSObject -Property @{ A = 2 }; $o | Add-Member -MemberType NoteProperty -Name B -Value 3; $o.A + $o.B", "5")]
    [InlineData("[IntPtr]::Size", "8")]
    [InlineData("[IO.File]::WriteAllText('C:\\a.txt', 'hello'); [System.IO.File]::ReadAllText('C:\\a.txt'); [IO.File]::Exists('C:\\b.txt'); Get-Content C:\\a.txt", "hello|False|hello")]
    [InlineData("try { [IO.File]::ReadAllText('C:\\no.txt') } catch [System.IO.FileNotFoundException] { 'none' }", "none")]
    [InlineData("[IO.Path]::Combine('C:\\a', 'b', 'c.txt'); [IO.Path]::GetFileNameWithoutExtension('C:\\a\\b.c.txt')", "C:\\a\\b\\c.txt|b.c")]
    [InlineData("$s = [DateTime]::Now; Start-Sleep 60; [int]([DateTime]::Now - $s).TotalSeconds", "60")]
    [InlineData("$w = [Diagnostics.Stopwatch]::StartNew(); Start-Sleep 90; $w.Stop(); Start-Sleep 5; [int]$w.Elapsed.TotalSeconds; $w.IsRunning", "90|False")]
    [InlineData("[Threading.Thread]::Sleep(5000); (New-TimeSpan -Seconds 5).TotalSeconds", "5")]
    [InlineData("'a' > C:\\a.txt; 'b' >> C:\\a.txt; Get-Content C:\\a.txt", "a|b")]
    [InlineData("Push-Location C:\\Windows\\System32; $PWD.ToString(); Test-Path .\\sc.exe; Pop-Location; (Get-Location).Path", "C:\\Windows\\System32|True|C:\\Users\\packer")]
    [InlineData("cd HKLM:\\SOFTWARE; Test-Path .\\Microsoft; cd C:\\; Test-Path Windows", "True|True")]
    [InlineData("Get-Service Nothing -ErrorAction SilentlyContinue; $Error.Count; $Error.Clear(); $Error.Count", "1|0")]
    [InlineData("$l = New-Object System.Collections.ArrayList; [void]$l.Add(1); $l.AddRange(@(2, 3)); $l.Count; $l -join '+'", "3|1+2+3")]
    [InlineData("$l = [System.Collections.Generic.List[string]]::new(); $l.Add('x'); $l.Contains('x'); 'text'.Contains('ex'); $h = @{ a = 1 }; $h.Contains('a')", "True|True|True")]
    [InlineData("$p = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent()); $p.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)", "True")]
    [InlineData("([Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole('Administrators')", "True")]
    [InlineData("(Get-Command sc.exe).Source; [bool](Get-Command pwsh -ErrorAction SilentlyContinue)", "C:\\Windows\\System32\\sc.exe|False")]
    [InlineData("Start-Transcript C:\\t.log | Out-Null; Stop-Transcript; Test-Path C:\\t.log", "Transcript stopped.|True")]
    [InlineData("(Get-CimInstance Win32_OperatingSystem).BuildNumber; (Get-WmiObject Win32_Service -Filter \"Name='RdAgent'\").State", "20348|Running")]
    [InlineData("(Get-BitLockerVolume -MountPoint C:).VolumeStatus; @(Get-AppxPackage -AllUsers).Count", "FullyDecrypted|0")]
    [InlineData("(Get-LocalUser | Where-Object Enabled).Name; net accounts /maxpwage:unlimited", "packer|The command completed successfully.")]
    [InlineData("cmd /c \"echo %SystemRoot%\"; cmd /c 'exit 3'; $LASTEXITCODE", "C:\\Windows|3")]
    [InlineData("[Environment]::GetEnvironmentVariable('SystemRoot'); [Environment]::Is64BitProcess; [Environment]::MachineName", "C:\\Windows|True|BUILD-VM")]
    [InlineData("[Microsoft.Win32.Registry]::GetValue('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State', 'ImageState', '')", "IMAGE_STATE_COMPLETE")]
    [InlineData("[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12; 'on'", "on")]
    [InlineData("Set-Content C:\\x\\a.log 'x'; Set-Content C:\\x\\b.txt 'x'; Remove-Item C:\\x\\* -Include *.log; (Get-ChildItem C:\\x -Exclude *.tmp).Name", "b.txt")]
    public void What_scripts_use_besides_is_simulated(string script, string output)
    {
        var result = Run(script + "\nexit 7");
        Assert.True((RehearsalOutcome.Failed, 7) == (result.Outcome, result.ExitCode), $"{result.Outcome} {result.Detail} {result.Cause}");
        Assert.Equal(output, string.Join('|', result.Output));
    }

    [Theory]
    [InlineData("Stop-Computer -Force", RehearsalOutcome.SessionLost)]
    [InlineData("Restart-Computer", RehearsalOutcome.SessionLost)]
    [InlineData("Stop-Service WinRM", RehearsalOutcome.SessionLost)]
    [InlineData("Restart-Computer -WhatIf", RehearsalOutcome.Failed)]
    [InlineData("[Environment]::Exit(7)", RehearsalOutcome.Failed)]
    public void What_ends_the_machine_or_the_script_ends_it(string script, RehearsalOutcome outcome)
    {
        var result = Run(script + "; exit 7");
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == RehearsalOutcome.Failed ? 7 : null, result.ExitCode);
    }

    [Theory]
    [InlineData("Get-Content C:\\DeprovisioningScript.ps1 -AsByteStream")]
    [InlineData("1..3 | ForEach-Object -Parallel { $_ }")]
    [InlineData("Start-Process whoami.exe -Environment @{ A = 1 }")]
    [InlineData("Start-Sleep -Duration 5")]
    [InlineData("Get-Service RdAgent -ProgressAction SilentlyContinue")]
    public void Parameters_that_Windows_PowerShell_does_not_have_are_errors(string script)
    {
        var result = Run("$ErrorActionPreference = 'Stop'\n" + script + "\nexit 7");
        Assert.True((RehearsalOutcome.Failed, 1) == (result.Outcome, result.ExitCode), $"{result.Outcome} {result.Detail}");
        Assert.Contains("parameter", result.Cause!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Content C:\\DeprovisioningScript.ps1 -Stream x", "Get-Content -Stream, line 1")]
    [InlineData("(Get-Process)[0].StartTime", "the property StartTime of a process, line 1")]
    [InlineData("(Get-Service RdAgent).ExecuteCommand(128)", "line 1")]
    public void What_the_rehearsal_has_not_is_not_taken_for_an_error_of_the_script(string script, string detail)
    {
        var result = Run(script + "\nexit 7");
        Assert.True(result.Outcome == RehearsalOutcome.NotRehearsable, $"{result.Outcome} {string.Join('|', result.Output)}");
        Assert.Contains(detail, result.Detail!, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_the_VM_and_commands_that_are_done_can_be_told()
    {
        var options = new RehearsalOptions { Files = new Dictionary<string, string> { [@"C:\build\settings.json"] = "seal" }, AssumeDone = ["Invoke-Contoso", "contoso.exe"] };
        var result = Run("Invoke-Contoso -Deep; C:\\Tools\\contoso.exe /x; Get-Content C:\\build\\settings.json; exit 7", options);
        Assert.True(result.Outcome == RehearsalOutcome.Failed, result.Detail);
        Assert.Equal((RehearsalOutcome.Failed, 7, "seal"), (result.Outcome, result.ExitCode, string.Join('|', result.Output)));
        Assert.Equal("not simulated: Invoke-Contoso, line 1, contoso, line 1", result.Detail);
    }

    private RehearsalResult Run(string script, RehearsalOptions? options = null) =>
        new RehearsalSandbox(new SandboxLimits()).Run(script, _vm, options ?? TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);
}
