using System.Collections.Concurrent;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows;

/// <summary>One script under many scenarios, as many at a time as there are processors.</summary>
internal static class WindowsRehearsal
{
    /// <summary>Runs a script under each scenario; the results come in the order of the scenarios, each as soon as it can.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<RehearsalResult> Run(string script, IReadOnlyList<Scenario> scenarios, TimeSpan buildTimeout, SandboxLimits limits, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var results = new BlockingCollection<(int Index, RehearsalResult Result)>();
        var next = -1;
        void Work()
        {
            var sandbox = new RehearsalSandbox(limits);
            for (var n = Interlocked.Increment(ref next); n < scenarios.Count; n = Interlocked.Increment(ref next))
            {
                var scenario = scenarios[n];
                results.Add((n, sandbox.Run(script, scenario.NewVm(), buildTimeout, enough.Token) with { Scenario = scenario.Name }), CancellationToken.None);
            }
        }
        var workers = Enumerable.Range(0, Math.Max(1, Math.Min(Environment.ProcessorCount, scenarios.Count))).Select(_ => Task.Run(Work, CancellationToken.None)).ToArray();
        var all = Task.WhenAll(workers);
        _ = all.ContinueWith(_ => results.CompleteAdding(), TaskScheduler.Default);
        try
        {
            foreach (var result in InOrder(results))
            {
                yield return result;
            }
            all.GetAwaiter().GetResult();
        }
        finally
        {
            // Whoever has seen enough ends the work that is still under way.
            enough.Cancel();
            WaitFor(all);
            results.Dispose();
        }
    }

    private static IEnumerable<RehearsalResult> InOrder(BlockingCollection<(int Index, RehearsalResult Result)> results)
    {
        var early = new Dictionary<int, RehearsalResult>();
        var next = 0;
        foreach (var (index, result) in results.GetConsumingEnumerable())
        {
            early[index] = result;
            while (early.TryGetValue(next, out var due))
            {
                early.Remove(next++);
                yield return due;
            }
        }
    }

    private static void WaitFor(Task all)
    {
        try
        {
            all.Wait();
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            // That is what was asked for.
        }
    }
}
