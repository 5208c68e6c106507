using System.Management.Automation;
using AibDeprovision.Machine.Simulation;
using AibDeprovision.Machine;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Invoke-AibDeprovision in the real engine, on a simulated VM in virtual time.</summary>
[Collection(OnThisMachine.Name)]
public sealed class InvokeAibDeprovisionTests : IDisposable
{
    private readonly SimulatedSession _session = new();

    public void Dispose() => _session.Dispose();

    private SimulatedVm Vm => _session.Vm;

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
        Vm.Sysprep.Ending = SysprepEnding.DiesHalfWay;
        _session.Run("exit (Invoke-AibDeprovision).ExitCode");
        Assert.Equal(14, _session.Host.ExitCode);
        Assert.Contains("verdict: SysprepNotSealed (exit code 14)", _session.Host.Text, StringComparison.Ordinal);
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
    public void A_value_that_cannot_be_used_is_one_error_and_nothing_is_done(string option)
    {
        var version = Vm.Version;
        var result = _session.Run("Invoke-AibDeprovision " + option);
        Assert.Empty(result.Output);
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
