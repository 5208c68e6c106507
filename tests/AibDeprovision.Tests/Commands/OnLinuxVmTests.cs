using AibDeprovision.Generalizing;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Plans;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>The cmdlets that work on a Linux VM too, with a systemctl of the test's own and a deprovision that does nothing.</summary>
public sealed class OnLinuxVmTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly EngineSession _engine = new();
    private readonly List<DeprovisionPlan> _plans = [];

    public OnLinuxVmTests()
    {
        Assert.SkipUnless(Host.Platform == DeprovisionPlatform.Linux, "It is about Linux.");
        Systemctl("printf 'LoadState=loaded\\nActiveState=active\\nUnitFileState=enabled\\nExecMainStatus=0\\n'");
        File.WriteAllText(_scratch["provisioned"], "");
        _engine.Machine.OnLinux = () => new LinuxMachine(_scratch["systemctl"], [_scratch.Path], _scratch["provisioned"]);
        _engine.Machine.Deprovision = (plan, write, _) =>
        {
            _plans.Add(plan);
            write("verdict", ">>> AibDeprovision [    0.1s] verdict: ResidueLeft (exit code 18): as the test has it");
            return new DeprovisionResult { Verdict = DeprovisionExitCode.ResidueLeft, Cause = "as the test has it" };
        };
    }

    public void Dispose()
    {
        _engine.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void The_wait_is_for_the_agents_unit_and_for_the_provisioning()
    {
        Assert.Empty(_engine.Run("Wait-AibGuestAgentService").Objects<object>());
        var outcomes = _engine.Run("Wait-AibGuestAgentService -PassThru").Objects<WaitOutcome>();
        Assert.Equal([("walinuxagent", true), ("provisioned", true)], outcomes.Select(o => (o.Name, o.IsReached)));
        Assert.Equal("chronyd", _engine.Run("'chronyd' | Wait-AibGuestAgentService -PassThru").Objects<WaitOutcome>()[0].Name);
    }

    [Fact]
    public void What_does_not_come_is_one_error()
    {
        File.Delete(_scratch["provisioned"]);
        var late = _engine.Run("Wait-AibGuestAgentService -Timeout 1");
        Assert.Equal("NotProvisioned,AibDeprovision.Commands.WaitAibGuestAgentServiceCommand", late.Error.FullyQualifiedErrorId);
        Assert.Contains("/var/log/waagent.log", late.Error.ErrorDetails.Message, StringComparison.Ordinal);

        Systemctl("printf 'LoadState=masked\\nActiveState=inactive\\nUnitFileState=masked\\nExecMainStatus=0\\n'");
        var masked = _engine.Run("Wait-AibGuestAgentService");
        Assert.Equal("ServiceDisabled,AibDeprovision.Commands.WaitAibGuestAgentServiceCommand", masked.Error.FullyQualifiedErrorId);
        Assert.Contains("systemctl unmask", masked.Error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deprovisioning_takes_the_plan_and_gives_verdict_error_and_exit_code()
    {
        var result = _engine.Run("Invoke-AibDeprovision -KeepUser -Keep MachineId, Logs -Deadline 20m -InformationVariable lines; $lines | ForEach-Object { \"$_\" }; $LASTEXITCODE");
        var plan = Assert.Single(_plans);
        Assert.Equal((DeprovisionPlatform.Linux, true, ResidueKinds.MachineId | ResidueKinds.Logs, TimeSpan.FromMinutes(20)), (plan.Platform, plan.KeepUser, plan.Keep, plan.Deadline));
        Assert.Equal("DeprovisionFailed,AibDeprovision.Commands.InvokeAibDeprovisionCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal(DeprovisionExitCode.ResidueLeft, Assert.IsType<DeprovisionResult>(result.Output[0].BaseObject).Verdict);
        Assert.Equal([">>> AibDeprovision [    0.1s] verdict: ResidueLeft (exit code 18): as the test has it", "18"], result.Output.Skip(1).Select(o => o.ToString()));
    }

    [Fact]
    public void WhatIf_and_options_of_Windows_do_nothing()
    {
        Assert.Empty(_engine.Run("Invoke-AibDeprovision -WhatIf").Objects<object>());
        var result = _engine.Run("(Invoke-AibDeprovision -ModeVm).ExitCode");
        Assert.Equal("OptionNotForPlatform,AibDeprovision.Commands.InvokeAibDeprovisionCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal(1, Assert.Single(result.Output).BaseObject);
        Assert.Empty(_plans);
    }

    private void Systemctl(string answer) =>
        AtomicFile.Write(_scratch["systemctl"], System.Text.Encoding.UTF8.GetBytes("#!/bin/sh\n" + answer + "\n"), overwrite: true, AtomicFile.OwnerOnly);
}
