using System.Collections.Concurrent;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>Work on many items, as many at a time as there are processors.</summary>
internal static class InParallel
{
    /// <summary>Does the work; the results come in the order of the items, each as soon as it can.</summary>
    /// <param name="items">What to work on.</param>
    /// <param name="newWork">Makes the work for one of the threads.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<TResult> Run<T, TResult>(IReadOnlyList<T> items, Func<Func<T, CancellationToken, TResult>> newWork, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var results = new BlockingCollection<(int Index, TResult Result)>();
        var next = -1;
        void Work()
        {
            var work = newWork();
            for (var n = Interlocked.Increment(ref next); n < items.Count; n = Interlocked.Increment(ref next))
            {
                results.Add((n, work(items[n], enough.Token)), CancellationToken.None);
            }
        }
        var workers = Enumerable.Range(0, Math.Max(1, Math.Min(Environment.ProcessorCount, items.Count))).Select(_ => Task.Run(Work, CancellationToken.None)).ToArray();
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

    private static IEnumerable<TResult> InOrder<TResult>(BlockingCollection<(int Index, TResult Result)> results)
    {
        var early = new Dictionary<int, TResult>();
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
