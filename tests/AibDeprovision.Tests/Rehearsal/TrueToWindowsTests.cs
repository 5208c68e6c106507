using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Where Windows does what one would not expect, and a rehearsal that does otherwise would be wrong.</summary>
public sealed class TrueToWindowsTests
{
    private const string Sysprep = @"C:\Windows\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit";
    private const string Tag = @"C:\Windows\System32\Sysprep\Sysprep_succeeded.tag";
    private const string State = @"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State";
    private readonly SimulatedVm _vm = new();

    [Theory]
    [InlineData("& SYSPREP | Out-Null", true)]
    [InlineData("$null = & SYSPREP", true)]
    [InlineData("$out = SYSPREP", true)]
    [InlineData("if (-not $(& SYSPREP)) { }", true)]
    [InlineData("& SYSPREP > $null", true)]
    [InlineData("function Seal { & SYSPREP }; Seal | Out-Null", true)]
    [InlineData("function Seal { & SYSPREP }; $x = Seal", true)]
    [InlineData("cmd /c SYSPREP", true)]
    [InlineData("& SYSPREP", false)]
    [InlineData("SYSPREP", false)]
    [InlineData("function Seal { & SYSPREP }; Seal", false)]
    [InlineData("1 | ForEach-Object { & SYSPREP }", false)]
    public void A_program_with_a_window_is_waited_for_only_where_its_output_goes_on(string script, bool waits)
    {
        var result = Run(script.Replace("SYSPREP", Sysprep, StringComparison.Ordinal) + "\nif ($LASTEXITCODE -is [int]) { \"code $LASTEXITCODE\" }\nexit 0");
        Assert.Equal(waits ? RehearsalOutcome.Sealed : RehearsalOutcome.FalseSuccess, result.Outcome);
        Assert.Equal(waits, result.Output.Contains("code 0"));
    }

    [Theory]
    [InlineData("#Requires -RunAsAdministrator", false, RehearsalOutcome.Failed)]
    [InlineData("#Requires -RunAsAdministrator", true, RehearsalOutcome.FalseSuccess)]
    [InlineData("#Requires -Version 7.0", true, RehearsalOutcome.Failed)]
    [InlineData("#Requires -Version 5.1", true, RehearsalOutcome.FalseSuccess)]
    [InlineData("#Requires -PSEdition Core", true, RehearsalOutcome.Failed)]
    public void What_a_script_requires_is_looked_at_before_it_runs(string requirement, bool elevated, RehearsalOutcome outcome)
    {
        _vm.User = elevated ? SimulatedUser.Administrator : SimulatedUser.NotElevated;
        var result = Run(requirement + "\n'ran'; exit 0");
        Assert.Equal((outcome, TimeSpan.Zero), (result.Outcome, result.VirtualTime));
        Assert.Equal(outcome != RehearsalOutcome.Failed, result.Output.Contains("ran"));
    }

    [Fact]
    public void An_old_success_tag_fools_a_script_that_looks_at_once()
    {
        _vm.Files.Write(Tag, "");
        _vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        Assert.Equal(RehearsalOutcome.FalseSuccess, Run($"& {Sysprep}\nwhile (-not (Test-Path {Tag})) {{ Start-Sleep 5 }}\nexit 0").Outcome);
    }

    [Theory]
    [InlineData("/oobe /generalize /quit", RehearsalOutcome.Hung)]
    [InlineData("/oobe /generalize /quiet /quit", RehearsalOutcome.Failed)]
    public void Sysprep_that_refuses_without_quiet_waits_at_its_message(string switches, RehearsalOutcome outcome)
    {
        _vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        Assert.Equal(outcome, Run($"$p = Start-Process C:\\Windows\\System32\\Sysprep\\Sysprep.exe '{switches}' -Wait -PassThru\nexit $p.ExitCode").Outcome);
    }

    [Theory]
    [InlineData(@"C:\no\such.xml", 1)]
    [InlineData(@"C:\answers.xml", 0)]
    public void An_answer_file_that_is_not_there_is_an_error(string file, int code)
    {
        _vm.Files.Write(@"C:\answers.xml", "<unattend/>");
        Assert.Equal(code, Run($"$p = Start-Process C:\\Windows\\System32\\Sysprep\\Sysprep.exe '/oobe /generalize /quiet /quit /unattend:{file}' -Wait -PassThru\nexit $p.ExitCode").ExitCode);
    }

    [Fact]
    public void Wildcards_name_the_values_that_are_removed()
    {
        var result = Run($"Set-ItemProperty '{State}' OneA 1; Set-ItemProperty '{State}' OneB 2; Remove-ItemProperty '{State}' -Name 'One*'; (Get-Item '{State}').Property -join ','; exit 0");
        Assert.Equal("ImageState", result.Output[0]);
    }

    [Theory]
    [InlineData("Test-Path $env:TEMP, C:\\Windows\\Temp, C:\\Users\\Public, ${env:ProgramFiles(x86)}", "True")]
    [InlineData("$PSCommandPath", @"C:\DeprovisioningScript.ps1")]
    [InlineData("$PSScriptRoot", @"C:\")]
    [InlineData("$MyInvocation.MyCommand.Path", @"C:\DeprovisioningScript.ps1")]
    [InlineData("Split-Path -Leaf $MyInvocation.MyCommand.Definition", "DeprovisioningScript.ps1")]
    [InlineData("net accounts /maxpwage:unlimited", "The command completed successfully.")]
    [InlineData("(Get-Content C:\\DeprovisioningScript.ps1 -Raw) -match 'Sysprep.exe'", "True")]
    public void The_machine_is_as_scripts_find_it(string script, string first)
    {
        var result = Run(script + "\nexit 0");
        Assert.Equal(RehearsalOutcome.FalseSuccess, result.Outcome);
        Assert.Equal(first, result.Output[0]);
        Assert.DoesNotContain("False", result.Output);
    }

    [Fact]
    public void A_path_that_is_null_is_an_error_of_the_script()
    {
        var result = Run("$ErrorActionPreference = 'Stop'; Test-Path $null; exit 0");
        Assert.Equal(RehearsalOutcome.Failed, result.Outcome);
        Assert.Contains("null", result.Cause!, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Object reference", result.Cause!, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_of_the_machine_are_not_simulated_and_that_is_said() => Assert.Equal("net.exe user, line 1", Run("net user packer /delete; exit 0").Detail);

    [Theory]
    [InlineData("(Get-Content C:\\DeprovisioningScript.ps1 -Raw) -replace '/quit', '/quit /mode:vm' | Set-Content C:\\DeprovisioningScript.ps1", RehearsalOutcome.Sealed)]
    [InlineData("Set-Content C:\\DeprovisioningScript.ps1 'exit 3'", RehearsalOutcome.Failed)]
    [InlineData("Set-Content C:\\DeprovisioningScript.ps1 'exit 0'", RehearsalOutcome.FalseSuccess)]
    [InlineData("Set-Content C:\\DeprovisioningScript.ps1 'Invoke-RestMethod http://127.0.0.1'", RehearsalOutcome.NotRehearsable)]
    public void A_customizer_that_makes_the_override_is_judged_by_the_script_it_leaves(string script, RehearsalOutcome outcome)
    {
        var result = Run(script);
        Assert.Equal(outcome, result.Outcome);
        Assert.StartsWith(@"judged by the C:\DeprovisioningScript.ps1 that it leaves", result.Detail!, StringComparison.Ordinal);
    }

    private RehearsalResult Run(string script) =>
        new RehearsalSandbox(new SandboxLimits()).Run(script, _vm, TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);
}
