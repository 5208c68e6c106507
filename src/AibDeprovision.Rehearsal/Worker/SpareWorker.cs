using System.ComponentModel;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>One worker that was started ahead and warms up, for the next script of this process.</summary>
internal static class SpareWorker
{
    private static WorkerProcess? s_spare;
    private static bool s_sandboxFailed;

    /// <summary>The one that stands ready, or else a new one; it has come up.</summary>
    /// <exception cref="WorkerUnavailableException">None can be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static WorkerProcess Take(WorkerLimits limits, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref s_spare, null) is { } spare)
        {
            // One that waited too long has ended, though it came up.
            if (IsUp(spare, limits, cancel) && !spare.HasExited)
            {
                return spare;
            }
            spare.Dispose();
        }
        var host = WorkerHost.OfThisProcess
            ?? throw new WorkerUnavailableException("this program hosts PowerShell and has no pwsh beside it, so the script cannot be given a process of its own");
        if (WorkerSandbox.IsPossible && !Volatile.Read(ref s_sandboxFailed))
        {
            if (TryStart(host, RehearsalIsolation.Sandbox, limits, cancel, out _) is { } inSandbox)
            {
                return inSandbox;
            }
            Volatile.Write(ref s_sandboxFailed, true);
        }
        return TryStart(host, RehearsalIsolation.Process, limits, cancel, out var why)
            ?? throw new WorkerUnavailableException($"the script cannot be given a process of its own: {why}");
    }

    /// <summary>Starts one for the script after this, unless it stands ready. It ends by itself when none comes.</summary>
    public static void Prepare(WorkerLimits limits)
    {
        if (WorkerHost.OfThisProcess is not { } host || Volatile.Read(ref s_spare) is { HasExited: false })
        {
            return;
        }
        try
        {
            var isolation = WorkerSandbox.IsPossible && !Volatile.Read(ref s_sandboxFailed) ? RehearsalIsolation.Sandbox : RehearsalIsolation.Process;
            Interlocked.Exchange(ref s_spare, WorkerProcess.Start(host, isolation, limits))?.Dispose();
        }
        catch (Win32Exception)
        {
            // The next script will say so.
        }
    }

    /// <summary>Ends the one that stands ready, and forgets what could not be had.</summary>
    internal static void Reset()
    {
        Interlocked.Exchange(ref s_spare, null)?.Dispose();
        Volatile.Write(ref s_sandboxFailed, false);
    }

    private static WorkerProcess? TryStart(WorkerHost host, RehearsalIsolation isolation, WorkerLimits limits, CancellationToken cancel, out string why)
    {
        why = "";
        WorkerProcess worker;
        try
        {
            worker = WorkerProcess.Start(host, isolation, limits);
        }
        catch (Win32Exception e)
        {
            why = e.Message;
            return null;
        }
        try
        {
            if (IsUp(worker, limits, cancel))
            {
                return worker;
            }
        }
        catch
        {
            worker.Dispose();
            throw;
        }
        // That this machine is slow is no reason to go without the sandbox.
        var isSlow = !worker.HasEnded;
        worker.Kill(why: null);
        why = worker.WhyNotUp();
        worker.Dispose();
        return isSlow ? throw new WorkerUnavailableException($"no process came up for the script within {limits.StartUp.TotalSeconds:0} s") : null;
    }

    private static bool IsUp(WorkerProcess worker, WorkerLimits limits, CancellationToken cancel) =>
        worker.Take(limits.StartUp, cancel)?.Is == WorkerAnswer.Ready;
}
