using System.Management.Automation;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Invoke-AibSysprep in the real engine, on a simulated VM in virtual time.</summary>
public sealed class InvokeAibSysprepTests : IDisposable
{
    private const string Suffix = ",AibDeprovision.Commands.InvokeAibSysprepCommand";
    private const string Panther = SimulatedVm.System32 + @"\Sysprep\Panther\";
    private readonly SimulatedSession _session = new();

    public void Dispose() => _session.Dispose();

    private SimulatedVm Vm => _session.Vm;

    [Fact]
    public void It_seals_and_writes_nothing()
    {
        Assert.Empty(_session.Run("Invoke-AibSysprep").Objects<object>());
        Assert.True(Vm.IsSealed);
        Assert.Equal(["/oobe /generalize /quiet /quit"], Vm.Sysprep.CommandLines);
    }

    [Fact]
    public void PassThru_writes_the_state_afterwards() => Assert.True(Assert.Single(_session.Run("Invoke-AibSysprep -PassThru").Objects<SysprepState>()).IsSealed);

    [Theory]
    [InlineData("-ModeVm", "/oobe /generalize /quiet /quit /mode:vm")]
    [InlineData("/generalize, /oobe, /quit", "/generalize /oobe /quit")]
    [InlineData("'/generalize', '/oobe', '/quit', '/MODE:VM' -ModeVm", "/generalize /oobe /quit /MODE:VM")]
    public void The_switches_reach_Sysprep(string arguments, string commandLine)
    {
        Assert.Empty(_session.Run("Invoke-AibSysprep " + arguments).Objects<object>());
        Assert.Equal([commandLine], Vm.Sysprep.CommandLines);
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("-WhatIf -Force -RemoveSysprepProvider VMAgentDisabler.dll -ModeVm")]
    public void WhatIf_changes_nothing(string arguments)
    {
        Vm.Files.Write(SimulatedVm.System32 + @"\Sysprep\unattend.xml", "mine");
        var version = Vm.Version;
        Assert.Empty(_session.Run("Invoke-AibSysprep -PassThru " + arguments).Objects<object>());
        Assert.Equal((version, TimeSpan.Zero), (Vm.Version, Vm.Clock.Elapsed));
    }

    [Theory]
    [InlineData("/oobe, /generalize, /quiet, /shutdown", "turns the build VM off")]
    [InlineData("/oobe, /generalize, /quiet, /reboot", "restarts the build VM")]
    [InlineData("/audit, /generalize, /quiet, /quit", "audit mode")]
    [InlineData("/oobe, /quiet, /quit", "the same machine")]
    [InlineData("/generalize, /quiet, /quit", "set-up")]
    [InlineData("/oobe, /generalize, /quiet", "Without /quit")]
    [InlineData("/oobe, /generalize, /quit, '/unattend:C:\\a.xml'", "not supported")]
    [InlineData("'/oobe /generalize'", "no switch of Sysprep")]
    [InlineData("quit", "no switch of Sysprep")]
    [InlineData("/oobe, /generalise, /quit", "no switch of Sysprep")]
    public void A_command_line_that_spoils_the_build_is_refused(string arguments, string why)
    {
        var version = Vm.Version;
        var error = AssertError(_session.Run("Invoke-AibSysprep " + arguments).Error, "SysprepArgumentRefused", ErrorCategory.InvalidArgument);
        Assert.Contains(why, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(version, Vm.Version);
    }

    [Fact]
    public void Force_takes_the_command_line_as_it_is_and_expects_what_it_asks_for()
    {
        var state = Assert.Single(_session.Run("Invoke-AibSysprep /audit, /generalize, /quit -Force -PassThru").Objects<SysprepState>());
        Assert.Equal((ImageStates.GeneralizedToAudit, false), (state.ImageState, state.IsSealed));
        AssertError(_session.Run("Invoke-AibSysprep /oobe, /nonsense -Force").Error, "SysprepArgumentRefused", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void What_is_not_ready_is_refused_with_its_finding_and_Force_tries_it()
    {
        Vm.Files.Delete(SimulatedVm.System32 + @"\VMAgentDisabler.dll");
        var error = AssertError(_session.Run("Invoke-AibSysprep").Error, "NotReady", ErrorCategory.InvalidOperation);
        Assert.Equal("ProviderMissing", Assert.IsType<Finding>(error.TargetObject).RuleId);
        Assert.Empty(Vm.Sysprep.CommandLines);

        var forced = _session.Run("Invoke-AibSysprep -Force");
        AssertError(forced.Error, "SysprepNotSealed", ErrorCategory.InvalidResult);
        Assert.Contains("VMAgentDisabler.dll is missing", Assert.Single(forced.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_only_likely_to_fail_is_warned_of_and_named_when_it_does()
    {
        Vm.Registry.Create(SimulatedVm.RebootPendingKey);
        var result = _session.Run("Invoke-AibSysprep -Verbose");
        Assert.Contains("; suspected: An update waits for a restart", AssertError(result.Error, "SysprepNotSealed", ErrorCategory.InvalidResult).Exception.Message, StringComparison.Ordinal);
        Assert.Contains("An update waits for a restart", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("RestartPending", result.Output.Select(o => Assert.IsType<Finding>(o.BaseObject)).Last().RuleId);
        Assert.Contains(result.Verbose, line => line.Contains("require a reboot", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$null")]
    [InlineData("'C:\\Windows\\System32\\VMAgentDisabler.dll'")]
    [InlineData("VMAgentDisabler")]
    public void What_is_no_provider_is_refused_and_nothing_is_done(string name)
    {
        var version = Vm.Version;
        AssertError(_session.Run("Invoke-AibSysprep -RemoveSysprepProvider " + name).Error, "InvalidOptionValue", ErrorCategory.InvalidArgument);
        Assert.Equal(version, Vm.Version);
    }

    [Fact]
    public void A_provider_without_its_DLL_can_be_taken_out()
    {
        Vm.Files.Delete(SimulatedVm.System32 + @"\VMAgentDisabler.dll");
        var result = _session.Run("Invoke-AibSysprep -RemoveSysprepProvider vmagentdisabler.dll -Verbose");
        Assert.Empty(result.Objects<object>());
        Assert.Contains(@"removed the provider VMAgentDisabler.dll from SysPrepExternal\Generalize", result.Verbose);
        Assert.True(Vm.IsSealed);
    }

    [Fact]
    public void A_failed_run_writes_its_findings_and_one_error()
    {
        Vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        var result = _session.Run("Invoke-AibSysprep -PassThru");
        var error = AssertError(result.Error, "SysprepNotSealed", ErrorCategory.InvalidResult);
        Assert.Contains("image state IMAGE_STATE_COMPLETE and without its success tag; first error: [0x0f0082] SYSPRP LaunchDll", error.Exception.Message, StringComparison.Ordinal);
        var findings = result.Output.Select(o => Assert.IsType<Finding>(o.BaseObject)).ToList();
        Assert.Equal(("SysprepError", Severity.Error, Panther + "setuperr.log"), (findings[0].RuleId, findings[0].Severity, findings[0].File));
    }

    [Fact]
    public void Logs_that_cannot_be_read_do_not_hide_the_failure()
    {
        Vm.Sysprep.Ending = SysprepEnding.RefusesAtValidation;
        _session.Machine.Unreadable.Add(Panther + "setuperr.log");
        var result = _session.Run("Invoke-AibSysprep");
        Assert.Empty(result.Output);
        Assert.Contains("its logs cannot be read", AssertError(result.Error, "SysprepNotSealed", ErrorCategory.InvalidResult).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_hangs_ends_at_the_limit_in_seconds()
    {
        Vm.Sysprep.Ending = SysprepEnding.Hangs;
        AssertError(_session.Run("Invoke-AibSysprep -Timeout 90").Error, "SysprepTimedOut", ErrorCategory.OperationTimeout);
        Assert.Equal(TimeSpan.FromSeconds(90), Vm.Clock.Elapsed);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("([timespan]'-00:00:05')")]
    public void A_limit_that_leaves_no_time_is_refused_and_nothing_is_started(string timeout)
    {
        AssertError(_session.Run("Invoke-AibSysprep -Timeout " + timeout).Error, "InvalidOptionValue", ErrorCategory.InvalidArgument);
        Assert.Empty(Vm.Sysprep.CommandLines);
    }

    [Fact]
    public void Sysprep_that_does_not_start_and_a_user_who_may_not_are_errors()
    {
        Vm.Sysprep.StartFailure = "blocked by group policy";
        AssertError(_session.Run("Invoke-AibSysprep").Error, "SysprepNotStarted", ErrorCategory.OpenError);
        Vm.User = SimulatedUser.NotElevated;
        AssertError(_session.Run("Invoke-AibSysprep").Error, "NotElevated", ErrorCategory.PermissionDenied);
    }

    [Fact]
    public void Stopping_ends_it_at_once_and_leaves_Sysprep_to_itself()
    {
        Vm.Sysprep.Ending = SysprepEnding.Hangs;
        Assert.True(_session.Stop("Invoke-AibSysprep -Timeout 16h") < TimeSpan.FromSeconds(15));
        Assert.Contains(Vm.Processes.Running, p => p.Name == "Sysprep");
    }

    private static ErrorRecord AssertError(ErrorRecord error, string id, ErrorCategory category)
    {
        NewAibDeprovisionScriptTests.AssertError(error, id);
        Assert.Equal((id + Suffix, category), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        return error;
    }
}
