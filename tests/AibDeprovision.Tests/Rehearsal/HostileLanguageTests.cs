using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Scripts that use the language against the gate: against its parser, its lists, its quoting.</summary>
public sealed class HostileLanguageTests
{
    public static TheoryData<string, string, int> Giants => new()
    {
        { "$x = 1", "+1", 300_000 },
        { "$x = 'a'", ".c", 300_000 },
        { "$x = 1", "+1", 12_000 },
        { "$x = 'a'", ".c", 12_000 },
        { "", "(", 12_000 },
        { "", "&{", 9_000 },
        { "$x=", "- ", 12_000 },
        { "$x=", "\u2013", 12_000 },
        { "$x=", "[int]", 12_000 },
        { "\"", "$(\"", 12_000 },
        { "$x=", ",", 12_000 },
        { "#", "x", 300_000 },
    };

    [Theory]
    [MemberData(nameof(Giants))]
    public void What_is_too_large_for_the_parser_never_gets_there(string begin, string part, int times)
    {
        var result = Run(begin + string.Concat(Enumerable.Repeat(part, times)));
        Assert.Equal(RehearsalOutcome.NotRehearsable, result.Outcome);
        Assert.StartsWith("a script ", result.Detail!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<##>", 60)]
    [InlineData("\n", 90_000)]
    [InlineData("#\r", 60_000)]
    [InlineData("using ", 30_000)]
    [InlineData("using #", 30_000)]
    [InlineData("using <#", 30_000)]
    [InlineData("configuration ", 15_000)]
    [InlineData("$PID;", 40_000)]
    [InlineData("<#", 60_000)]
    public void What_is_only_long_is_read_to_its_end(string part, int times) => Assert.True(Enum.IsDefined(Run(string.Concat(Enumerable.Repeat(part, times))).Outcome));

    [Theory]
    [InlineData("${P`ID}", "written with escapes")]
    [InlineData("$b={@(1).ForEach($b)}; &$b", "the method ForEach")]
    [InlineData("@(1).Where('x')", "the method Where")]
    [InlineData("1..100000000", "a giant range")]
    [InlineData("[datetime]::get_Now()", "[datetime]::get_Now")]
    [InlineData("[DateTime]::Parse('12:00')", "[DateTime]::Parse")]
    [InlineData("[string].Assembly.Location", "as a value")]
    [InlineData("(1).GetType().Assembly.Location", "the member GetType")]
    [InlineData("$m = 'x'.GetType; $m.Invoke()", "the member GetType")]
    [InlineData("$n = 'GetType'; (1).$n()", "only known at run time")]
    [InlineData("$n = 'ps' + 'base'; 'x'.$n", "the member psbase")]
    [InlineData("(1).psobject.Members", "the member psobject")]
    [InlineData("try { throw 'x' } catch [System.Exception, System.Runtime] { }", "the type ")]
    [InlineData("# c\rusing module X", "a using statement")]
    [InlineData("#\u2028using module X", "a using statement")]
    [InlineData("#\u0085using module X", "a using statement")]
    [InlineData("<# a\n# #> using assembly X", "a using statement")]
    [InlineData("using`\n module X", "a using statement")]
    [InlineData("using <# c #> namespace System.IO", "a using statement")]
    [InlineData("USING MODULE X", "a using statement")]
    [InlineData("1; configuration <##> c { }", "a configuration")]
    [InlineData("if ($false) { function Get-Random {} }; Get-Random", "the command Get-Random")]
    [InlineData("function Outer { function Get-Random {} }; Outer; Get-Random", "the command Get-Random")]
    [InlineData("/bin/sh", "the command /bin/sh")]
    [InlineData("$PSModuleAutoLoadingPreference = 'All'", "$PSModuleAutoLoadingPreference")]
    [InlineData("function f { [CmdletBinding()] param() $PSCmdlet.InvokeCommand }; f", "PSCmdlet")]
    [InlineData("try { 1 / 0 } catch { $_.Exception.TargetSite }", "Exception")]
    [InlineData("$n = 'TargetSite'; try { 1 / 0 } catch { $_.Exception.$n }", "Exception")]
    [InlineData("try { 1 / 0 } catch { $_.Exception | Select-Object -ExpandProperty TargetSite }", "Exception")]
    [InlineData("$Host.Runspace", "PSHost")]
    [InlineData("function Select-SimulatedMember { param($x) $x }; $n = 'psbase'; 'x'.$n", "a function Select-SimulatedMember")]
    [InlineData("function global:Deny-SimulatedMember { }; $Host.Runspace", "a function Deny-SimulatedMember")]
    [InlineData("Invoke-Expression 'function select-simulatedmember { \"psbase\" }'; $n = 'x'; (1).$n", "a function select-simulatedmember")]
    [InlineData("'a' -replace 'a', { Get-Random }", "the command Get-Random")]
    [InlineData("[ValidateScript({ Get-Random; $true })]$x = 1", "the command Get-Random")]
    [InlineData("function f { param([ValidateScript({ [Environment]::FailFast('x') })]$a) }; f 1", "the type [Environment]")]
    [InlineData("function f { param([ArgumentCompleter({ 1 })]$a) }; f 1", "the attribute [ArgumentCompleter]")]
    [InlineData("$sb = { 1 }; $sb.Module", "ScriptBlock")]
    [InlineData("{ 1 }.GetPowerShell()", "a .NET type or method that the rehearsal does not have")]
    [InlineData("{ 1 }.InvokeReturnAsIs()", "a .NET type or method that the rehearsal does not have")]
    [InlineData("Get-Content Function:\\prompt", "the drive Function:")]
    [InlineData("Get-ChildItem Variable:", "the drive Variable:")]
    [InlineData("$Function:x = { 1 }; x", "the command x")]
    [InlineData("${variable:PSHOME}", "$variable:PSHOME")]
    [InlineData("& @{}", "the command System.Collections.Hashtable")]
    [InlineData("& 7", "the command 7")]
    [InlineData("'abc' | Select-Object @{ n = 'a'; e = { $_.GetType().Assembly } }", "the member GetType")]
    [InlineData("[array]::CreateInstance([string], 1000000000)", "[array]::CreateInstance")]
    [InlineData("[string]::new('x', 2000000000).Length", "memory")]
    [InlineData("#Requires -Modules Microsoft.PowerShell.Utility", "#requires")]
    [InlineData("#Requires -Assembly /tmp/x.dll", "#requires")]
    [InlineData("data -SupportedCommand Get-Random { Get-Random }", "a data section with commands")]
    [InlineData("Set-Alias x Get-Random; x", "the command Set-Alias")]
    [InlineData("[Environment]::FailFast('x')", "the type [Environment]")]
    [InlineData("'b', 'a' | Sort-Object { $_.GetType() }", "the member GetType")]
    [InlineData("'a' | Format-List @{ n = 'a'; e = { Get-Random } }", "the command Get-Random")]
    [InlineData("[ref]$x = 1", "the type [ref]")]
    [InlineData("filter g { $_.psbase }; 1 | g", "the member psbase")]
    [InlineData("& { begin { Get-Random } end { 1 } }", "the command Get-Random")]
    [InlineData("Get-Service | ForEach-Object -Begin { Get-Random } -Process { 1 }", "the command Get-Random")]
    [InlineData("$Host.UI.ReadLine()", "a .NET type or method that the rehearsal does not have")]
    public void What_would_reach_past_the_simulation_is_named(string script, string why)
    {
        var result = Run(script + "\nexit 0");
        Assert.True(result.Outcome == RehearsalOutcome.NotRehearsable, $"{result.Outcome}: {string.Join('\n', result.Output)}");
        Assert.Contains(why, result.Detail!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# We are using modules, and using module names, here\n# using module X", "")]
    [InlineData("'The configuration of {0} is done' -f 'x'", "The configuration of x is done")]
    [InlineData("$configuration = @{ a = 1 }; $configuration.a", "1")]
    [InlineData("function Outer { function Helper { 'helped' }; Helper }; Outer", "helped")]
    [InlineData("function Get-Service { 'mine' }; Get-Service", "mine")]
    [InlineData("function f { param([ValidateScript({ Write-Host ([Environment]::MachineName); $true })]$a) }; f 1", "BUILD-VM")]
    [InlineData("$x = [pscustomobject]@{ PSTypeName = 'System.IO.FileInfo'; FullName = '/etc/passwd' }; \"[$($x.VersionInfo)$($x.Mode)]\"", "[]")]
    [InlineData("Get-Service RdAgent | Select-Object @{ n = 'a'; e = { \"is $($_.Status)\" } } | ForEach-Object { $_.a }", "is Running")]
    [InlineData("('b1', 'a2' | Sort-Object { $_.Substring(1) }) -join ' '", "b1 a2")]
    [InlineData("function helper { 'h' }; Set-StrictMode -Off; & helper; & 'helper'; . helper", "h")]
    [InlineData("[timespan]::FromMinutes(1).TotalSeconds; [string]::IsNullOrEmpty(''); [regex]::Escape('.')", "60")]
    [InlineData("$k = @{ A = 7 }; foreach ($n in 'A') { $k.$n }", "7")]
    [InlineData("$h = @{}; $n = 'A'; $h.$n = 5; $h.A", "5")]
    [InlineData("(1).GetType().Name", "Int32")]
    [InlineData("$k = Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State'; $k.PSObject.Properties | ForEach-Object { $_.Name }", "ImageState")]
    [InlineData("[datetime]$start = Get-Date; $start -is [datetime]", "True")]
    [InlineData("[datetime]'2026-01-02' -lt (Get-Date)", "True")]
    [InlineData("try { throw 'x' } catch [System.Exception] { $_.Exception.Message }", "x")]
    [InlineData("$MyInvocation.MyCommand.Name -is [string]; (1, 2).ForEach({ $_ * 2 })", "")]
    [InlineData("true; 'on'", "true : The term 'true' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.")]
    public void What_ordinary_scripts_do_is_still_done(string script, string first)
    {
        var result = Run(script + "\nexit 0");
        Assert.True(result.Outcome == RehearsalOutcome.FalseSuccess, $"{result.Outcome} {result.Detail} {result.Cause}");
        if (first.Length > 0)
        {
            Assert.Equal(first, result.Output[0]);
        }
    }

    [Theory]
    [InlineData("[datetime]'12:00'")]
    [InlineData("$t = '12:00'; [datetime]$t")]
    [InlineData("'12:00' -as [datetime]")]
    [InlineData("[nullable[datetime]]'12:00'")]
    [InlineData("([datetime[]]'12:00')[0]")]
    [InlineData("[datetime]$d = Get-Date; $d = '12:00'; $d")]
    [InlineData("function f([datetime]$t) { $t }; f 12:00")]
    [InlineData("Get-Date '12:00'")]
    [InlineData("[datetime]::SpecifyKind('12:00', 'Utc')")]
    [InlineData("([datetime]'1/15').AddHours(12)")]
    [InlineData("(Get-Date '9:00') + ((Get-Date '12:00') - (Get-Date '9:00'))")]
    [InlineData("if ((Get-Date) -lt '10:00' -and (Get-Date) -gt '8:00' -and (Get-Date) -ge '1/15') { [datetime]'12:00' }")]
    public void What_a_text_leaves_out_of_a_time_comes_from_the_clock_of_the_VM(string script)
    {
        var result = Run(script + "\nexit 0");
        Assert.True(result.Outcome == RehearsalOutcome.FalseSuccess, $"{result.Outcome} {result.Detail} {result.Cause}");
        Assert.Equal("01/15/2026 12:00:00", Assert.Single(result.Output));
    }

    [Theory]
    [InlineData('\u2018')]
    [InlineData('\u2019')]
    [InlineData('\u201A')]
    [InlineData('\u201B')]
    [InlineData('\'')]
    public void A_quote_in_the_name_of_a_program_is_part_of_the_name(char quote)
    {
        var result = Run($"& \"whoami{quote}; Write-Output ('past ' + 'the gate') #\\sysprep\"; exit 0");
        Assert.DoesNotContain("past the gate", result.Output);
    }

    [Theory]
    [InlineData("IMAGE_STATE_COMPLETE", RehearsalOutcome.FalseSuccess)]
    [InlineData("IMAGE_STATE_UNDEPLOYABLE", RehearsalOutcome.FalseSuccess)]
    [InlineData("IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE", RehearsalOutcome.Sealed)]
    public void A_seal_that_the_script_undoes_is_none(string state, RehearsalOutcome outcome) => Assert.Equal(outcome, Run($$"""
        Start-Process C:\Windows\System32\Sysprep\Sysprep.exe -ArgumentList '/oobe', '/generalize', '/quiet', '/quit' -Wait
        Set-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State ImageState {{state}}
        exit 0
        """).Outcome);

    [Fact]
    public void What_is_shown_holds_no_commands_to_terminals_and_no_secrets()
    {
        var shown = ShownResult.Of(Run("Write-Output \"$([char]27)[2JSealed\"; throw \"password=hunter2`n$([char]27)[1A Sealed\""), "a\u001b[2Jb.ps1");
        var text = string.Join('\n', [shown.Script, shown.Cause, shown.Detail, .. shown.Output]);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.Equal(@"\u001b[2JSealed", shown.Output[0]);
        Assert.Equal(@"password=*** \u001b[1A Sealed", shown.Cause);
    }

    private static RehearsalResult Run(string script) => new RehearsalSandbox(new SandboxLimits()).Run(
        script, new SimulatedVm(), TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);
}
