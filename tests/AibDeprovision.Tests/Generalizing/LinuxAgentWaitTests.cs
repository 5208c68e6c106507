using System.Runtime.InteropServices;
using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Linux;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Plans;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>The wait for the agent on Linux: real inotify on folders of the test's own, and a systemctl that answers from files in them.</summary>
public sealed class LinuxAgentWaitTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly List<string> _notes = [];

    public LinuxAgentWaitTests()
    {
        Assert.SkipUnless(Host.Platform == DeprovisionPlatform.Linux, "It is about Linux.");
        Directory.CreateDirectory(_scratch["units"]);
        // show ... -- NAME.service: the unit's file, or what systemctl says of a unit that it does not know.
        var script = $"#!/bin/sh\nfor last; do :; done\nif [ \"$1\" = start ]; then echo \"$last\" >>'{_scratch["started"]}'; exit 0; fi\n"
            + $"cat \"{_scratch["units"]}/${{last%.service}}\" 2>/dev/null || printf 'LoadState=not-found\\nActiveState=inactive\\nUnitFileState=\\nExecMainStatus=0\\n'\n";
        AtomicFile.Write(_scratch["systemctl"], System.Text.Encoding.UTF8.GetBytes(script), overwrite: false, AtomicFile.OwnerOnly);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("walinuxagent")]
    [InlineData("waagent")]
    public void The_agent_is_found_under_either_name(string unit)
    {
        Unit(unit, "active");
        Provision();
        var outcomes = Wait();
        Assert.Equal([(unit, true, "Running"), ("provisioned", true, "provisioned")], outcomes.Select(o => (o.Name, o.IsReached, o.State)));
    }

    [Theory]
    [InlineData("waagent.service", "waagent")]
    [InlineData("walinuxagent.service", "waagent")]
    [InlineData("chronyd.service", "chronyd")]
    public void A_unit_may_be_named_in_full(string name, string unit)
    {
        Unit(unit, "active");
        Provision();
        Assert.Equal((unit, true), Wait(plan => plan with { Required = [name] }).Select(o => (o.Name, o.IsReached)).First());
    }

    [Fact]
    public void Where_nobody_may_look_into_the_agents_folder_that_is_the_error_at_once()
    {
        Unit("waagent", "active");
        Provision();
        File.SetUnixFileMode(_scratch["lib", "waagent"], UnixFileMode.None);
        var error = AsNobody(() => Wait());
        File.SetUnixFileMode(_scratch["lib", "waagent"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var denied = Assert.IsType<AibException>(error);
        Assert.Equal((ErrorId.AccessDenied, _scratch["lib", "waagent", "provisioned"]), (denied.Id, denied.Target));
        Assert.Contains("as root", denied.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_late_is_noticed_without_polling()
    {
        // The slow look beside the notifications comes after ten seconds.
        var late = Task.Run(async () =>
        {
            await Task.Delay(300, TestContext.Current.CancellationToken);
            Unit("walinuxagent", "activating");
            await Task.Delay(300, TestContext.Current.CancellationToken);
            Unit("walinuxagent", "active");
            await Task.Delay(300, TestContext.Current.CancellationToken);
            Provision();
        }, TestContext.Current.CancellationToken);
        var outcomes = Wait(plan => plan with { AppearTimeout = TimeSpan.FromSeconds(30) });
        await late;
        Assert.All(outcomes, o => Assert.True(o.IsReached, o.Reason));
        Assert.All(outcomes, o => Assert.InRange(o.Waited, TimeSpan.Zero, TimeSpan.FromSeconds(9)));
        Assert.Equal(["not provisioned", "provisioned"], outcomes[1].Changes.Select(c => c.State));
        Assert.Contains("the VM is provisioned", _notes);
    }

    [Fact]
    public void A_missing_agent_is_the_error_and_the_only_one()
    {
        var outcomes = Wait();
        Assert.Equal([ErrorId.ServiceNotInstalled, null], outcomes.Select(o => o.Error));
    }

    [Fact]
    public void A_masked_agent_is_disabled()
    {
        Unit("waagent", "inactive", "masked");
        Assert.Equal(ErrorId.ServiceDisabled, Wait()[0].Error);
    }

    [Fact]
    public void A_failed_agent_is_asked_to_start_and_its_exit_code_is_named()
    {
        Unit("waagent", "failed", exitCode: 7);
        var outcome = Wait(plan => plan with { Timeout = TimeSpan.FromSeconds(1), StartAfter = TimeSpan.Zero })[0];
        Assert.Equal(ErrorId.ServiceNotRunning, outcome.Error);
        Assert.Contains("last exit with error 7", outcome.Reason, StringComparison.Ordinal);
        Assert.StartsWith("The service waagent did not run", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal("waagent", File.ReadAllText(_scratch["started"]).Trim());
        Assert.Contains("waagent was stopped for 0 s and has been asked to start", _notes);
    }

    [Fact]
    public void An_agent_that_has_not_provisioned_is_an_error_in_the_end()
    {
        Unit("waagent", "active");
        var outcomes = Wait(plan => plan with { Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal([null, ErrorId.NotProvisioned], outcomes.Select(o => o.Error));
        Assert.Contains("there is no", outcomes[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_at_once()
    {
        Unit("waagent", "inactive");
        using var cancel = new CancellationTokenSource();
        var wait = Task.Run(() => Wait(token: cancel.Token), TestContext.Current.CancellationToken);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        // The slow look alone takes ten seconds.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Where_systemd_cannot_be_asked_that_is_the_error()
    {
        var machine = new LinuxMachine(_scratch["nothing"], [_scratch["units"]], _scratch["provisioned"]);
        Assert.Equal(ErrorId.SystemCallFailed, Assert.Throws<AibException>(() => machine.FindService("waagent")).Id);
    }

    // Rights over files belong to the thread: on this one root has none of its own.
    private static Exception? AsNobody(Action work)
    {
        Exception? error = null;
        var thread = new Thread(() =>
        {
            _ = SetFileUser(65534);
            error = Record.Exception(work);
        });
        thread.Start();
        thread.Join();
        return error;
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileUser(uint user);

    private void Unit(string name, string active, string load = "loaded", int exitCode = 0)
    {
        // As systemd does it: a new link in place of the old one.
        var fresh = _scratch[name + ".new"];
        File.WriteAllText(fresh, FormattableString.Invariant($"LoadState={load}\nActiveState={active}\nUnitFileState=enabled\nExecMainStatus={exitCode}\n"));
        File.Move(fresh, _scratch["units", name], overwrite: true);
    }

    private void Provision() => File.WriteAllText(Path.Combine(Directory.CreateDirectory(_scratch["lib", "waagent"]).FullName, "provisioned"), "");

    private IReadOnlyList<WaitOutcome> Wait(Func<ServiceWaitPlan, ServiceWaitPlan>? change = null, CancellationToken? token = null)
    {
        var plan = new ServiceWaitPlan { Required = [LinuxMachine.AgentUnit], Timeout = TimeSpan.FromSeconds(30), Note = _notes.Add };
        var machine = new LinuxMachine(_scratch["systemctl"], [_scratch["units"]], _scratch["lib", "waagent", "provisioned"]);
        return LinuxAgentWait.Run(machine, change?.Invoke(plan) ?? plan, token ?? TestContext.Current.CancellationToken);
    }
}
