using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>One worker, seen from its caller: a process that is watched, and killed with all that it has started when it goes too far.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(50);

    private readonly WorkerLimits _limits;
    private readonly Process _process;
    private readonly WorkerJob? _job;
    private readonly JsonLines<WorkerOrder> _orders;
    // Few, so that one that writes without end has to wait, and fills nobody's memory.
    private readonly BlockingCollection<WorkerAnswer> _answers = new(boundedCapacity: 4);
    private readonly SandboxOutput _errors;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Timer _watch;
    private volatile string? _killedFor;

    private WorkerProcess(Process process, RehearsalIsolation isolation, WorkerLimits limits)
    {
        _process = process;
        _limits = limits;
        Isolation = isolation;
        try
        {
            _job = Host.IsWindows ? new WorkerJob(process) : null;
        }
        catch
        {
            ProcessTree.Kill(process);
            process.Dispose();
            throw;
        }
        _orders = new(process.StandardInput.BaseStream, WorkerLimits.LongestLine);
        _errors = new SandboxOutput(process.StandardError.BaseStream, 16384);
        _watch = new Timer(_ => Watch(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        new Thread(ReadAnswers) { IsBackground = true, Name = "Rehearsal answers" }.Start();
    }

    /// <summary>What stands between it and this machine.</summary>
    public RehearsalIsolation Isolation { get; }

    /// <summary>Whether nothing more comes from it.</summary>
    public bool HasEnded => _answers.IsCompleted;

    /// <summary>Whether the process is gone; answers may still be there.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts one. It may still be coming up, and fail at that.</summary>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static WorkerProcess Start(WorkerHost host, RehearsalIsolation isolation, WorkerLimits limits) =>
        new(WorkerLaunch.Start(host, isolation), isolation, limits);

    /// <summary>Sends the script. From now on it is watched.</summary>
    public void Begin(WorkerOrder script)
    {
        _watch.Change(WatchInterval, WatchInterval);
        Send(script);
    }

    /// <summary>Sends a line. That the process takes none any more is found out when no answer comes.</summary>
    public void Send(WorkerOrder order)
    {
        try
        {
            _orders.Write(order);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended.
        }
    }

    /// <summary>The next answer; null when none came in time, or the process has ended.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public WorkerAnswer? Take(TimeSpan limit, CancellationToken cancel)
    {
        var got = _answers.TryTake(out var answer, (int)Math.Max(0, limit.TotalMilliseconds), cancel);
        if (got && answer!.Is == WorkerAnswer.Ready)
        {
            _job?.Close();
        }
        return got ? answer : null;
    }

    /// <summary>Ends it and all that it has started.</summary>
    /// <param name="why">What to give as the reason; null where nobody asks for one.</param>
    public void Kill(string? why)
    {
        _killedFor ??= why;
        ProcessTree.Kill(_process);
    }

    /// <summary>Why it has ended, as a clause about the script.</summary>
    public string ReasonOfEnd()
    {
        if (!_process.WaitForExit(5000))
        {
            return "the process that rehearses the script does not answer";
        }
        _errors.WaitForEnd(TimeSpan.FromSeconds(2));
        // What it has written decides between sentences of ours and is never shown.
        var written = _errors.Text;
        return _killedFor
            ?? (written.Contains("Stack overflow") || _process.ExitCode == unchecked((int)0xC00000FD) ? "the script overflows the stack of the process that rehearses it"
            : written.Contains("Out of memory") || written.Contains("OutOfMemory") ? "the script takes more memory than the process that rehearses it may have"
            : string.Format(CultureInfo.InvariantCulture, "the process that rehearses the script has ended with exit code {0}", _process.ExitCode));
    }

    /// <summary>What it wrote when it did not come up: no script has run in it then.</summary>
    public string WhyNotUp()
    {
        var words = string.Join(" ", _errors.Text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Take(3));
        var text = new string([.. words.Where(c => !char.IsControl(c)).Take(300)]);
        return text.Length == 0 ? ReasonOfEnd() : text;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        _disposed.Cancel();
        Kill(why: null);
        _job?.Dispose();
        _process.WaitForExit(2000);
    }

    private void ReadAnswers()
    {
        var lines = new JsonLines<WorkerAnswer>(_process.StandardOutput.BaseStream, WorkerLimits.LongestLine);
        try
        {
            while (lines.Read() is { } answer)
            {
                _answers.Add(answer, _disposed.Token);
            }
        }
        catch (InvalidDataException)
        {
            Kill("the process that rehearses the script answers with what is no answer");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // It was killed, or nobody wants to know any more.
        }
        _answers.CompleteAdding();
    }

    private void Watch()
    {
        if (ProcessTree.MemoryOf(_process) > _limits.Memory)
        {
            Kill("the script takes more memory than the process that rehearses it may have");
        }
    }
}
