using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>
/// A thread that lives as long as this process. Linux sends the signal of a parent's death when the thread ends that has
/// started the child, so children are started here.
/// </summary>
internal static class LastingThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static LastingThread() => new Thread(Loop) { IsBackground = true, Name = "Rehearsal starts" }.Start();

    /// <summary>Does the work there, and waits for it.</summary>
    public static T Run<T>(Func<T> work)
    {
        using var done = new ManualResetEventSlim();
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Work.Add(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return result;
    }

    private static void Loop()
    {
        foreach (var work in Work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
