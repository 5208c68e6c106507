using System.Management.Automation;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Invoke-AibDeprovision in the real engine, on a simulated VM in virtual time.</summary>
public sealed class InvokeAibDeprovisionTests : IDisposable
{
    private readonly SimulatedSession _session = new();
    private readonly ScratchFolder _scratch = new();
    private readonly string? _modulePath = Environment.GetEnvironmentVariable("PSModulePath");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PSModulePath", _modulePath);
        _session.Dispose();
        _scratch.Dispose();
    }

    private const string TwoLines = """
        $ErrorActionPreference = 'Stop'; Import-Module AibDeprovision
        exit (Invoke-AibDeprovision -ErrorAction Continue).ExitCode
        """;

    private SimulatedVm Vm => _session.Vm;

    // What powershell ends with, with -File and in Packer's wrapper: 1 for an error that has ended all.
    private int ExitCode(string script)
    {
        var file = _scratch["DeprovisioningScript.ps1"];
        File.WriteAllText(file, script);
        var direct = Run("& { " + script + " }");
        Assert.Equal(direct, Run($"$global:LASTEXITCODE = 0; & {{ & '{file}'; exit $LastExitCode }}"));
        return direct;
    }

    private int Run(string script)
    {
        _session.Host.SetShouldExit(0);
        _session.Run("$env:PSModulePath = $args[0]", Path.GetDirectoryName(Repository.StagedModule));
        var result = _session.Run(script);
        return result.Terminating is null ? _session.Host.ExitCode ?? 0 : 1;
    }

    [Fact]
    public void It_seals_and_says_so_in_a_result_and_in_LASTEXITCODE()
    {
        var result = _session.Run("$global:LASTEXITCODE = 5; Invoke-AibDeprovision; $LASTEXITCODE");
        Assert.Empty(result.Errors);
        var deprovision = Assert.IsType<DeprovisionResult>(result.Output[0].BaseObject);
        Assert.Equal((DeprovisionExitCode.Sealed, 0, 122), (deprovision.Verdict, deprovision.ExitCode, (int)deprovision.Elapsed.TotalSeconds));
        Assert.Empty(deprovision.Findings);
        Assert.Equal(0, result.Output[1].BaseObject);
        Assert.True(Vm.IsSealed);
    }

    [Fact]
    public void Its_lines_go_to_the_host_so_that_the_exit_code_can_be_taken_from_the_result()
    {
        Vm.Services.Remove("RdAgent");
        var result = _session.Run("(Invoke-AibDeprovision -ServiceTimeout 30).ExitCode");

        Assert.Equal(10, Assert.Single(result.Output).BaseObject);
        Assert.All(result.Information, i => Assert.Equal(["PSHOST"], i.Tags));
        Assert.All(result.Information, i => Assert.IsType<HostInformationMessage>(i.MessageData));
        Assert.StartsWith(">>> AibDeprovision [    0.0s] start: Windows Server 2022", result.Information[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(">>> AibDeprovision [   30.0s] verdict: AgentServiceMissing (exit code 10): The service RdAgent is not installed.", result.Information[^1].ToString());
    }

    [Fact]
    public void The_two_lines_of_a_deprovision_script_exit_with_its_code_and_show_the_lines()
    {
        Assert.Equal(0, Run(TwoLines));
        Assert.True(Vm.IsSealed);
        Assert.Equal(12, ExitCode(TwoLines));
    }

    [Fact]
    public void What_they_show_is_there_when_they_fail()
    {
        Vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        Assert.Equal(14, Run(TwoLines));
        Assert.Contains("verdict: SysprepNotSealed (exit code 14)", _session.Host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_two_lines_are_the_same_wherever_they_stand()
    {
        Assert.Contains("```powershell\n" + TwoLines + "\n```", Text("docs", "en-US", "Invoke-AibDeprovision.md"), StringComparison.Ordinal);
        Assert.Contains("\n        " + TwoLines.Replace("\n", "\n        ", StringComparison.Ordinal) + "\n", Text("docs", "en-US", "about_AibDeprovision.help.txt"), StringComparison.Ordinal);
        var inArray = "$lines = " + string.Join(", ", TwoLines.Split('\n').Select(line => $"'{line.Replace("'", "''", StringComparison.Ordinal)}'"));
        Assert.Contains($"\"{inArray}\",\n", Text("README.md"), StringComparison.Ordinal);

        static string Text(params string[] path) => File.ReadAllText(Repository.PathOf(path)).ReplaceLineEndings("\n");
    }

    [Fact]
    public void Strict_refuses_what_is_warned_of_without_it()
    {
        Vm.Registry.Create(SimulatedVm.RebootPendingKey);
        Vm.Sysprep.MindsPendingRestart = false;
        var refused = _session.Run("Invoke-AibDeprovision -Strict");
        Assert.Equal(DeprovisionExitCode.NotReady, Assert.IsType<DeprovisionResult>(Assert.Single(refused.Output).BaseObject).Verdict);
        Assert.Empty(Vm.Sysprep.CommandLines);
        var sealedNow = _session.Run("Invoke-AibDeprovision");
        Assert.Equal(DeprovisionExitCode.Sealed, Assert.Single(sealedNow.Objects<DeprovisionResult>()).Verdict);
        Assert.Contains(sealedNow.Information, line => line.ToString().Contains("prepare: warning: An update waits for a restart", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-Deadline 17h")]
    [InlineData("-KeepUser")]
    [InlineData("-RequiredService $null")]
    [InlineData("-OptionalService $null")]
    [InlineData("-RemoveSysprepProvider $null")]
    [InlineData("-RemoveSysprepProvider @($null)")]
    [InlineData("-Deadline soon")]
    [InlineData("-NoSuchOption")]
    [InlineData("-ErrorAction Stop -KeepUser")]
    [InlineData("| Get-NoSuchThing")]
    public void No_mistake_in_the_two_lines_ends_with_0(string mistake)
    {
        Assert.Equal(1, ExitCode(TwoLines.Replace("-ErrorAction Continue", mistake.Contains("-ErrorAction", StringComparison.Ordinal) ? mistake : mistake + " -ErrorAction Continue", StringComparison.Ordinal)));
        Assert.False(Vm.IsSealed);
    }

    [Fact]
    public void Without_the_module_the_two_lines_do_not_end_with_0() =>
        Assert.Equal(1, ExitCode(TwoLines.Replace("Import-Module AibDeprovision", "Import-Module NoSuchModule", StringComparison.Ordinal)));

    [Fact]
    public void In_a_32_bit_process_the_two_lines_do_not_end_with_0()
    {
        Vm.Environment["PROCESSOR_ARCHITEW6432"] = "AMD64";
        Assert.Equal(1, ExitCode(TwoLines));
    }

    [Fact]
    public void On_neither_system_the_two_lines_do_not_end_with_0()
    {
        _session.Engine.Machine.OnWindows = () => null;
        Assert.Equal(1, ExitCode(TwoLines));
    }

    [Fact]
    public void What_nobody_has_foreseen_is_a_result_and_an_error_too()
    {
        _session.Engine.Machine.OnWindows = () => throw new InvalidOperationException("The well is dry.");
        Assert.Equal(1, ExitCode(TwoLines));
        var result = _session.Run("Invoke-AibDeprovision; $LASTEXITCODE");
        var deprovision = Assert.IsType<DeprovisionResult>(result.Output[0].BaseObject);
        Assert.Equal((DeprovisionExitCode.Unexpected, "The well is dry."), (deprovision.Verdict, deprovision.Cause));
        Assert.Equal(1, result.Output[1].BaseObject);
        Assert.Equal("DeprovisionFailed,AibDeprovision.Commands.InvokeAibDeprovisionCommand", result.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Where_the_output_is_cut_off_nothing_is_taken_for_a_failure()
    {
        var result = _session.Run("foreach ($once in 1) { Invoke-AibDeprovision 6>&1 | ForEach-Object { \"$_\"; break } }; 'went on'");
        Assert.Collection(result.Objects<string>(), line => Assert.StartsWith(">>> AibDeprovision [    0.0s] start: ", line, StringComparison.Ordinal), line => Assert.Equal("went on", line));
    }

    [Fact]
    public void A_failure_is_a_result_and_one_error_with_the_cause()
    {
        Vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        var result = _session.Run("Invoke-AibDeprovision");

        var deprovision = Assert.IsType<DeprovisionResult>(Assert.Single(result.Output).BaseObject);
        Assert.Equal(14, deprovision.ExitCode);
        Assert.Contains("provider.dll", deprovision.Findings[0].Message, StringComparison.Ordinal);
        NewAibDeprovisionScriptTests.AssertError(result.Error, "DeprovisionFailed");
        Assert.Equal(("DeprovisionFailed,AibDeprovision.Commands.InvokeAibDeprovisionCommand", ErrorCategory.InvalidResult), (result.Error.FullyQualifiedErrorId, result.Error.CategoryInfo.Category));
        Assert.Same(deprovision, result.Error.TargetObject);
        Assert.Contains("provider.dll", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Invoke-AibDeprovision -ErrorAction Stop")]
    [InlineData("$ErrorActionPreference = 'Stop'; exit (Invoke-AibDeprovision).ExitCode")]
    public void With_Stop_the_error_ends_the_script_and_LASTEXITCODE_is_set_all_the_same(string script)
    {
        Vm.User = SimulatedUser.NotElevated;
        Assert.Equal("DeprovisionFailed,AibDeprovision.Commands.InvokeAibDeprovisionCommand", _session.Run(script).Terminating?.FullyQualifiedErrorId);
        Assert.Equal(19, Assert.Single(_session.Run("$global:LASTEXITCODE").Objects<int>()));
    }

    [Fact]
    public void Logs_that_cannot_be_read_do_not_change_the_verdict()
    {
        Vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        _session.Machine.Unreadable.Add(SimulatedVm.System32 + @"\Sysprep\Panther\setuperr.log");
        var result = Assert.IsType<DeprovisionResult>(Assert.Single(_session.Run("Invoke-AibDeprovision -ErrorAction SilentlyContinue").Output).BaseObject);
        Assert.Equal(DeprovisionExitCode.SysprepNotSealed, result.Verdict);
        Assert.Contains("its logs cannot be read", result.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_is_generalized_already_is_left_as_it_is()
    {
        _session.Run("Invoke-AibDeprovision").Objects<DeprovisionResult>();
        Assert.Equal(12, Assert.IsType<DeprovisionResult>(Assert.Single(_session.Run("Invoke-AibDeprovision -ErrorAction SilentlyContinue").Output).BaseObject).ExitCode);
        Assert.True(Vm.IsSealed);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        Vm.Services.Set("RdAgent", ServiceStatus.Stopped);
        var version = Vm.Version;
        var result = _session.Run("$global:LASTEXITCODE = 5; Invoke-AibDeprovision -WhatIf -RemoveSysprepProvider VMAgentDisabler.dll; $LASTEXITCODE");
        Assert.Equal(5, Assert.Single(result.Objects<int>()));
        Assert.Equal((version, TimeSpan.Zero), (Vm.Version, Vm.Clock.Elapsed));
    }

    [Fact]
    public void Every_option_reaches_the_work()
    {
        Vm.Files.Delete(SimulatedVm.System32 + @"\VMAgentDisabler.dll");
        Vm.Services.Remove("RdAgent");
        var result = Assert.Single(_session.Run("Invoke-AibDeprovision -ModeVm -RequiredService WinRM -OptionalService @() -RemoveSysprepProvider VMAgentDisabler.dll -ServiceTimeout 20 -SysprepTimeout 5m -Deadline 00:06:00")
            .Objects<DeprovisionResult>());
        Assert.Equal(DeprovisionExitCode.Sealed, result.Verdict);
        Assert.Equal(["/oobe /generalize /quiet /quit /mode:vm"], Vm.Sysprep.CommandLines);
    }

    [Theory]
    [InlineData("-Deadline 17h")]
    [InlineData("-ServiceTimeout 0")]
    [InlineData("-RequiredService 'Rd*'")]
    [InlineData("-RemoveSysprepProvider 'C:\\x.dll'")]
    [InlineData("-RequiredService $null")]
    [InlineData("-OptionalService $null")]
    [InlineData("-RemoveSysprepProvider $null")]
    public void A_value_that_cannot_be_used_is_one_error_and_nothing_is_done(string option)
    {
        var version = Vm.Version;
        var result = _session.Run("Invoke-AibDeprovision " + option);
        var deprovision = Assert.IsType<DeprovisionResult>(Assert.Single(result.Output).BaseObject);
        Assert.Equal((DeprovisionExitCode.Unexpected, 1), (deprovision.Verdict, deprovision.ExitCode));
        Assert.StartsWith(result.Error.Exception.Message, deprovision.Cause, StringComparison.Ordinal);
        NewAibDeprovisionScriptTests.AssertError(result.Error, "InvalidOptionValue");
        Assert.Equal(version, Vm.Version);
    }

    [Fact]
    public void Tab_offers_the_services_of_the_agent() =>
        Assert.Equal(["RdAgent"], _session.Engine.Complete("Invoke-AibDeprovision -RequiredService Rd").Select(o => o.CompletionText));

    [Fact]
    public void Stopping_ends_it_at_once()
    {
        Vm.Services.Remove("RdAgent");
        Assert.True(_session.Stop("Invoke-AibDeprovision -ServiceTimeout 15h -Deadline 16h") < TimeSpan.FromSeconds(15));
    }
}
