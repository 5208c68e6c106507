using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Scripts that try to get out of the sandbox, or to bring down what rehearses them.</summary>
/// <remarks>Alone in the process: what they do to its memory would count against every other rehearsal.</remarks>
[CollectionDefinition(nameof(HostileScriptTests), DisableParallelization = true)]
[Collection(nameof(HostileScriptTests))]
public sealed class HostileScriptTests : IDisposable
{
    private static readonly SandboxLimits Tight = new() { WallClock = TimeSpan.FromSeconds(3), Memory = 150 * 1024 * 1024, Patience = TimeSpan.FromSeconds(1) };
    private readonly ScratchFolder _folder = new();

    public HostileScriptTests()
    {
        File.WriteAllText(Canary, "alive");
        File.WriteAllText(_folder["data.xml"], "<secret>of the host</secret>");
    }

    private string Canary => _folder["canary.txt"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("$f = 'Delete'; [IO.File]::$f('CANARY')", 1)]
    [InlineData("\n& /bin/sh -c 'echo dead > CANARY'", 2)]
    [InlineData("/bin/sh -c 'echo dead > CANARY'", 1)]
    [InlineData("rm.exe CANARY", 1)]
    [InlineData("Start-Process /bin/rm CANARY", 1)]
    [InlineData("Start-Process powershell.exe '-Command Remove-Item CANARY'", 1)]
    [InlineData("Add-Type -TypeDefinition 'public class X { }'", 1)]
    [InlineData("$ExecutionContext.SessionState.LanguageMode = 'FullLanguage'", 1)]
    [InlineData("${ExecutionContext}.InvokeCommand.InvokeScript('1')", 1)]
    [InlineData("$Host.Runspace.SessionStateProxy.LanguageMode", 0)]
    [InlineData("New-Object System.IO.FileInfo 'CANARY'", 1)]
    [InlineData("[scriptblock]::Create('1')", 1)]
    [InlineData("using module /tmp/x.psm1", 1)]
    [InlineData("<# c #> # d\n using assembly System.Xml", 2)]
    [InlineData("using namespace System.IO\n[File]::Delete('CANARY')", 1)]
    [InlineData("#requires -modules Microsoft.PowerShell.Management\n1", 1)]
    [InlineData("class X { [int] $y }", 1)]
    [InlineData("workflow w { }", 1)]
    [InlineData("configuration c { }", 1)]
    [InlineData("Start-Job { Remove-Item CANARY }", 1)]
    [InlineData("Get-Command", 1)]
    [InlineData("1..3 | Foreach-Object -Parallel { Remove-Item CANARY }", 0)]
    [InlineData("$x = [xml]'<a/>'; $x.Load('FOLDER/data.xml'); $x.InnerText", 1)]
    [InlineData("$t = 'xml'; ('<a/>' -as $t).Load('FOLDER/data.xml')", 1)]
    [InlineData("$t = 'System.Environment' -as [type]; $t::MachineName", 1)]
    [InlineData("$m = 'Now'; [DateTime]::$m", 1)]
    [InlineData("$PSDefaultParameterValues['*:ErrorAction'] = 'Stop'", 1)]
    [InlineData("'a' * 1gb", 1)]
    [InlineData("$x = 1..2000000000", 1)]
    [InlineData("''.GetType().Assembly.GetType('System.IO.File')", 1)]
    [InlineData("& ([string].Assembly.EntryPoint)", 0)]
    [InlineData("cmd.exe /c \"del CANARY & dir\"", 0)]
    [InlineData("Set-Location Cert:", 1)]
    [InlineData("Get-ChildItem Cert:\\LocalMachine", 1)]
    public void What_reaches_past_the_simulated_machine_is_not_run(string script, int line)
    {
        var result = Run(script);
        if (line > 0 || result.Outcome != RehearsalOutcome.Failed)
        {
            Assert.True(result.Outcome is RehearsalOutcome.NotRehearsable or RehearsalOutcome.FalseSuccess, $"{result.Outcome} {result.Detail}");
        }
        if (line > 0)
        {
            Assert.True(result.Outcome == RehearsalOutcome.NotRehearsable, $"{result.Outcome} {result.Detail} {string.Join('\n', result.Output)}");
            Assert.EndsWith($", line {line}", result.Detail!, StringComparison.Ordinal);
        }
        AssertHostUntouched(result);
    }

    [Theory]
    [InlineData("while ($true) { }", "busy")]
    [InlineData("$x = 0; while ($true) { try { while ($true) { $x++ } } catch { } finally { } }", "busy")]
    [InlineData("trap { continue }; while ($true) { $x = 1 }", "busy")]
    [InlineData("$a = @(); while ($true) { $a += ('x' * 1mb) + $a.Count }", "memory")]
    [InlineData("$a = 'xxxxxxxx'; while ($true) { $a += $a }", "memory")]
    [InlineData("'" + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" + "' -match '^(a+)+$'", "busy")]
    public void What_would_keep_this_machine_busy_or_fill_it_is_stopped(string script, string why)
    {
        // Whatever the load of this machine, memory has to be what ends those that fill it.
        var result = Run(script, why == "memory" ? Tight with { WallClock = TimeSpan.FromMinutes(2) } : Tight);
        Assert.Equal(RehearsalOutcome.NotRehearsable, result.Outcome);
        Assert.Contains(why, result.Detail!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function f { f }; f")]
    [InlineData("function f { & { f } }; f")]
    [InlineData("$s = { & $s }; & $s")]
    [InlineData("function f { Invoke-Expression 'f' }; f")]
    [InlineData("function f { 1 | ForEach-Object { f } }; f")]
    public void Deep_recursion_fails_the_script_and_not_the_process(string script)
    {
        var result = Run(script + "; exit 0");
        Assert.True(result.Outcome is RehearsalOutcome.Failed or RehearsalOutcome.FalseSuccess or RehearsalOutcome.NotRehearsable, result.Detail);
    }

    [Fact]
    public void A_deeply_nested_text_is_no_danger_either() =>
        Assert.NotEqual(RehearsalOutcome.Sealed, Run(new string('(', 20_000) + "1" + new string(')', 20_000)).Outcome);

    [Theory]
    [InlineData("[IO.File]::Delete('CANARY')")]
    [InlineData("try { [IO.File]::Delete('CANARY') } catch { }; exit 0")]
    [InlineData("Invoke-Expression '[IO.File]::Delete(''CANARY'')'")]
    [InlineData("$a = 'Import-'; $b = 'Module'; & \"$a$b\" Microsoft.PowerShell.Management")]
    [InlineData("[Environment]::GetEnvironmentVariable('PATH')")]
    [InlineData("[Environment]::MachineName")]
    [InlineData("[DateTime]::Now")]
    [InlineData("\n\n[System.DateTimeOffset]::UtcNow")]
    [InlineData("[Diagnostics.Stopwatch]::StartNew()")]
    [InlineData("[Environment]::TickCount")]
    [InlineData("'x' > CANARY")]
    [InlineData("[IO.File]::ReadAllText('FOLDER/data.xml'); [System.IO.File]::WriteAllText('CANARY', 'dead')")]
    [InlineData("[IO.File]::ReadAllLines('/etc/passwd'); [IO.Directory]::GetFiles('/etc')")]
    [InlineData("[IO.Directory]::Delete('FOLDER', $true); [IO.File]::Copy('FOLDER/data.xml', 'CANARY'); [IO.File]::Move('FOLDER/data.xml', 'CANARY')")]
    [InlineData("[Diagnostics.Process]::Start('/bin/rm', 'CANARY')")]
    [InlineData("$p = New-Object System.Diagnostics.Process; $p.StartInfo.FileName = '/bin/rm'; $p.StartInfo.Arguments = 'CANARY'; $p.Start()")]
    [InlineData("Push-Location FOLDER; Remove-Item canary.txt; Get-Content data.xml; 'x' >> canary.txt; 'x' | Tee-Object canary.txt; Start-Transcript canary.txt")]
    [InlineData("icacls CANARY /grant Everyone:F; takeown /f CANARY; cmd /c attrib +r CANARY")]
    [InlineData("[Environment]::SetEnvironmentVariable('PATH', 'gone'); [Environment]::Exit(3)")]
    [InlineData("Deny-SimulatedConstruct 1 'x'")]
    [InlineData("Use-SimulatedStatic 'IO.File' 'Delete' 'CANARY'; Use-SimulatedStatic 'IO.File' 'Open' 'CANARY'")]
    [InlineData("Get-CimInstance Win32_Process | ForEach-Object { $_.ExecutablePath }; (Get-WmiObject Win32_OperatingSystem).CSName")]
    [InlineData("$l = New-Object System.Collections.ArrayList; $l.Add('x'); $l.GetType().Assembly.Location")]
    [InlineData("$l = [System.Collections.Generic.List[string]]::new(); $l.Add('CANARY'); $l.ForEach('Delete')")]
    [InlineData("Remove-Item 'CANARY' -Force; Remove-Item / -Recurse -Force; Set-Content 'CANARY' 'dead'")]
    [InlineData("Get-ChildItem / -Recurse | Remove-Item -Force; Get-Content /etc/passwd, C:\\etc\\passwd -ErrorAction SilentlyContinue")]
    [InlineData("function Get-Service { 'mine' }; Get-Service RdAgent")]
    [InlineData("Stop-Process -Name * -Force")]
    [InlineData("$env:PATH; $env:HOME; Get-ChildItem Env:; $HOME; $PSHOME; $PID; $PSVersionTable.PSVersion")]
    public void What_it_does_to_the_simulated_machine_stays_there(string script) => AssertHostUntouched(Run(script));

    [Fact]
    public void The_engine_answers_as_on_the_VM()
    {
        var result = Run("\"$($PSVersionTable.PSVersion) $PSEdition $HOME $env:COMPUTERNAME $IsLinux $(whoami.exe)\"; throw \"$PSHOME\"");
        Assert.Equal(@"5.1.20348.1 Desktop C:\Users\packer BUILD-VM  build-vm\packer", result.Output[0]);
        Assert.Equal(@"C:\Windows\System32\WindowsPowerShell\v1.0", result.Cause);
        Assert.Contains(result.Output, l => l.Contains("$PSVersionTable.PSVersion", StringComparison.Ordinal) || l.Contains("$PSHOME", StringComparison.Ordinal));
    }

    [Fact]
    public void Syntax_that_only_later_versions_know_fails_as_it_does_on_the_VM()
    {
        foreach (var script in new[] { "1 && 2", "$a ?? 1", "${a}?.b", "$true ? 1 : 2", "Write-Output 1 &" })
        {
            var result = Run("Write-Output 'never'\n" + script);
            Assert.True((RehearsalOutcome.Failed, 1) == (result.Outcome, result.ExitCode), $"{script}: {result.Outcome} {string.Join('\n', result.Output)}");
            Assert.DoesNotContain("never", result.Output);
            Assert.Contains("line 2: ", result.Cause!, StringComparison.Ordinal);
        }
    }

    private RehearsalResult Run(string script, SandboxLimits? limits = null) => new RehearsalSandbox(limits ?? Tight).Run(
        script.Replace("CANARY", Canary, StringComparison.Ordinal).Replace("FOLDER", Path.GetDirectoryName(Canary), StringComparison.Ordinal),
        new SimulatedVm(), TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);

    private void AssertHostUntouched(RehearsalResult result)
    {
        Assert.Equal("alive", File.ReadAllText(Canary));
        Assert.DoesNotContain(result.Output, l => l.Contains("of the host", StringComparison.Ordinal) || l.Contains(Environment.MachineName + "\\", StringComparison.Ordinal)
            || l.Contains("root:", StringComparison.Ordinal) || l.Contains(Environment.GetEnvironmentVariable("PATH")!, StringComparison.Ordinal));
    }
}
