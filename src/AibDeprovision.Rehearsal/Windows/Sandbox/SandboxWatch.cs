using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Stops a script that goes too far on the machine that rehearses it, or that nobody waits for any more.</summary>
internal sealed class SandboxWatch : IDisposable
{
    private readonly SandboxLimits _limits;
    private readonly ScriptRun _run;
    private readonly Thread _thread;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenRegistration _onCancel;
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private long _leastMemory = GC.GetTotalMemory(forceFullCollection: false);
    private TimeSpan? _stoppedAt;

    public SandboxWatch(SandboxLimits limits, ScriptRun run, Thread thread, CancellationToken cancel)
    {
        _thread = thread;
        _limits = limits;
        _run = run;
        _cancel = cancel;
        _onCancel = cancel.Register(() => run.Stop?.Invoke());
        AppDomain.CurrentDomain.FirstChanceException += OnException;
    }

    /// <summary>Whether the script was stopped and has not reacted.</summary>
    public bool HasGivenUp => _stoppedAt is { } at && _time.Elapsed - at > _limits.Patience;

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= OnException;
        _onCancel.Dispose();
    }

    /// <summary>Looks at the clock and at the heap.</summary>
    public void Look()
    {
        if (_stoppedAt is not null)
        {
            return;
        }
        // What was on the heap before may have been garbage, so the least that was ever seen is what counts as before.
        var memory = GC.GetTotalMemory(forceFullCollection: false);
        _leastMemory = Math.Min(_leastMemory, memory);
        if (_time.Elapsed > _limits.WallClock)
        {
            Stop(TooBusy);
        }
        else if (memory - _leastMemory > _limits.Memory && GC.GetTotalMemory(forceFullCollection: true) - _leastMemory > _limits.Memory)
        {
            Stop(TooMuchMemory);
        }
        else if (_cancel.IsCancellationRequested)
        {
            _stoppedAt = _time.Elapsed;
        }
    }

    private string TooMuchMemory => $"the script takes more than {_limits.Memory / 1024 / 1024} MB of memory";

    private string TooBusy => $"the script keeps this machine busy for more than {_limits.WallClock.TotalSeconds:0} s";

    // The script could go on after these, unlike on the VM: what is asked for at once may be more than there is, and a match
    // that takes as long as the whole script may ends by itself, perhaps before anybody has looked at the clock.
    private void OnException(object? sender, FirstChanceExceptionEventArgs e)
    {
        var limit = e.Exception switch
        {
            OutOfMemoryException => TooMuchMemory,
            RegexMatchTimeoutException match when match.MatchTimeout >= _limits.WallClock => TooBusy,
            _ => null,
        };
        if (limit is not null && Thread.CurrentThread == _thread)
        {
            _run.Refuse(0, limit);
        }
    }

    private void Stop(string why)
    {
        _stoppedAt = _time.Elapsed;
        _run.Refuse(0, why);
        _run.Stop?.Invoke();
    }
}
