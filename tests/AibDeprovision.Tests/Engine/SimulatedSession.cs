using System.Diagnostics;
using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Tests.Engine;

/// <summary>The engine on a simulated VM: what the on-VM cmdlets take for this machine.</summary>
internal sealed class SimulatedSession : IDisposable
{
    public SimulatedSession()
    {
        Machine = new SimulatedMachine(Vm);
        Engine = new EngineSession(Host);
        Engine.Machine.OnWindows = () => Machine;
    }

    public SimulatedVm Vm { get; } = new();

    public SimulatedMachine Machine { get; }

    public TextHost Host { get; } = new();

    public EngineSession Engine { get; }

    public EngineResult Run(string script, params object?[] arguments) => Engine.Run(script, arguments);

    /// <summary>Starts a script, stops it while it waits, and says how long that took.</summary>
    public TimeSpan Stop(string script)
    {
        // Virtual time is over at once, and nobody could stop it: here each second of it takes a little while.
        using var isWaiting = new ManualResetEventSlim();
        Tick();
        using var shell = Engine.Shell(script + "; 'went on'");
        using var output = new PSDataCollection<PSObject>();
        var running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        Assert.True(isWaiting.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        var clock = Stopwatch.StartNew();
        shell.Stop();
        Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(60)));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(output);
        return clock.Elapsed;

        void Tick()
        {
            if (Vm.Clock.Elapsed > TimeSpan.Zero)
            {
                isWaiting.Set();
                Thread.Sleep(5);
            }
            Vm.Clock.After(TimeSpan.FromSeconds(1), Tick);
        }
    }

    public void Dispose() => Engine.Dispose();
}
