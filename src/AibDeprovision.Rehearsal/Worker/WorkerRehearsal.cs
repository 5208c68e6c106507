using System.Diagnostics;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>
/// One Windows script under many scenarios, in processes of its own. When a script ends its process, that is the result of
/// the scenario, and the others go on in a fresh one.
/// </summary>
internal sealed class WorkerRehearsal
{
    /// <summary>So many scenarios are given out before the first of them has come back.</summary>
    private const int Window = 64;

    /// <summary>A result that takes longer than this, and is none, counts as an excess.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly WorkerOrder _script;
    private readonly IReadOnlyList<string> _scenarios;
    private readonly WorkerLimits _limits;
    private readonly CancellationToken _cancel;
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly Dictionary<int, RehearsalResult> _done = [];

    /// <summary>What was given out and has not come back, with the time at which it was begun.</summary>
    private readonly Dictionary<int, TimeSpan?> _open = [];

    /// <summary>What has to be given out once more, since its process ended for another's sake.</summary>
    private readonly SortedSet<int> _again = [];

    /// <summary>What was under way when a process ended: each of these is tried alone.</summary>
    private readonly SortedSet<int> _suspects = [];

    private WorkerProcess? _worker;
    private TimeSpan _lastAnswer;
    private int _next;
    private int _excesses;
    private string? _over;

    private WorkerRehearsal(string script, IReadOnlyList<string> scenarios, RehearsalOptions options, WorkerLimits limits, CancellationToken cancel)
    {
        _script = WorkerOrder.Of(script, options);
        _scenarios = scenarios;
        _limits = limits;
        _cancel = cancel;
    }

    private TimeSpan TotalLimit => _limits.Total(_scenarios.Count);

    /// <summary>Runs it; the results come in the order of the scenarios, each as soon as it can.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<RehearsalResult> Run(string script, IReadOnlyList<string> scenarios, RehearsalOptions options, WorkerLimits limits, CancellationToken cancel)
    {
        var run = new WorkerRehearsal(script, scenarios, options, limits, cancel);
        try
        {
            for (var n = 0; n < scenarios.Count; n++)
            {
                yield return run.ResultOf(n) with { Scenario = scenarios[n] };
            }
        }
        finally
        {
            run._worker?.Dispose();
        }
        SpareWorker.Prepare(limits);
    }

    private RehearsalResult ResultOf(int number)
    {
        RehearsalResult? result;
        while (!_done.TryGetValue(number, out result))
        {
            if (_over is { } why)
            {
                return new RehearsalResult { Outcome = RehearsalOutcome.NotRehearsable, Detail = why };
            }
            Step(number);
        }
        _done.Remove(number);
        return result;
    }

    private void Step(int awaited)
    {
        _cancel.ThrowIfCancellationRequested();
        if (_time.Elapsed > TotalLimit)
        {
            Stop($"all scenarios together keep this machine busy for more than {TotalLimit.TotalSeconds:0} s");
            return;
        }
        try
        {
            _worker ??= Begin();
        }
        catch (WorkerUnavailableException e)
        {
            Stop(e.Message);
            return;
        }
        GiveOut(awaited);
        if (_worker.Take(Patience(), _cancel) is { } answer)
        {
            _lastAnswer = _time.Elapsed;
            Note(answer);
            return;
        }
        if (!_worker.HasEnded)
        {
            _worker.Kill($"the script keeps this machine busy for more than {_limits.Scenario.TotalSeconds:0} s");
        }
        Lose(_worker.ReasonOfEnd());
    }

    private WorkerProcess Begin()
    {
        var worker = SpareWorker.Take(_limits, _cancel);
        _lastAnswer = _time.Elapsed;
        worker.Begin(_script);
        return worker;
    }

    /// <summary>Sends scenarios as far as they may go out. A process that takes none any more is found out at the next look for an answer.</summary>
    private void GiveOut(int awaited)
    {
        while (NextToGiveOut(awaited) is { } number)
        {
            _open.Add(number, null);
            _worker!.Send(new WorkerOrder { Number = number, Scenario = _scenarios[number] });
        }
    }

    private int? NextToGiveOut(int awaited)
    {
        if (_suspects.Count > 0)
        {
            return _open.Count == 0 ? Pop(_suspects) : null;
        }
        return _open.Count >= Window ? null
            : _again.Count > 0 ? Pop(_again)
            : _next < _scenarios.Count && _next < awaited + Window ? _next++
            : null;
    }

    private static int Pop(SortedSet<int> numbers)
    {
        var first = numbers.Min;
        numbers.Remove(first);
        return first;
    }

    /// <summary>How long the next answer may take.</summary>
    private TimeSpan Patience()
    {
        var since = _open.Values.Where(begun => begun is not null).Min() ?? _lastAnswer;
        var left = since + _limits.Scenario - _time.Elapsed;
        var leftOfAll = TotalLimit - _time.Elapsed;
        return left < leftOfAll ? left : leftOfAll;
    }

    private void Note(WorkerAnswer answer)
    {
        var isAwaited = _open.TryGetValue(answer.Number, out var begun);
        if (isAwaited && answer.Is == WorkerAnswer.Started && begun is null)
        {
            _open[answer.Number] = _time.Elapsed;
        }
        else if (isAwaited && begun is not null && answer.ToResult() is { } result)
        {
            _open.Remove(answer.Number);
            Finish(answer.Number, result, isExcess: answer.Is == WorkerAnswer.LastResult
                || (result.Outcome == RehearsalOutcome.NotRehearsable && _time.Elapsed - begun > Long));
            if (answer.Is == WorkerAnswer.LastResult)
            {
                GiveBack();
            }
        }
        else
        {
            _worker!.Kill("the process that rehearses the script answers with what was not asked");
            Lose(_worker.ReasonOfEnd());
        }
    }

    /// <summary>The process has ended under the script, or was killed.</summary>
    private void Lose(string why)
    {
        int[] underWay = [.. _open.Where(scenario => scenario.Value is not null).Select(scenario => scenario.Key)];
        if (underWay.Length == 1)
        {
            _open.Remove(underWay[0]);
            Finish(underWay[0], new RehearsalResult { Outcome = RehearsalOutcome.NotRehearsable, Detail = why }, isExcess: true);
        }
        else if (underWay.Length == 0)
        {
            Exceed(why);
        }
        foreach (var number in underWay.Where(_open.Remove))
        {
            _suspects.Add(number);
        }
        GiveBack();
    }

    /// <summary>What the process has not come to is for the next one.</summary>
    private void GiveBack()
    {
        _again.UnionWith(_open.Keys);
        _open.Clear();
        _worker!.Dispose();
        _worker = null;
    }

    private void Finish(int number, RehearsalResult result, bool isExcess)
    {
        _done[number] = result with { Isolation = _worker!.Isolation };
        if (isExcess)
        {
            Exceed(result.Detail ?? "it went too far");
        }
    }

    private void Exceed(string why)
    {
        if (++_excesses >= _limits.Excesses)
        {
            Stop($"not run any more, after the script went too far {_excesses} times: {why}");
        }
    }

    /// <summary>Runs nothing any more: what has no result yet has this for one.</summary>
    private void Stop(string why)
    {
        _over ??= why;
        _worker?.Dispose();
    }
}
