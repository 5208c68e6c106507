using System.Diagnostics;
using System.Globalization;

namespace AibDeprovision.Benchmarks;

/// <summary>Two pieces of work timed in turn, A B A B, and the ratio of each pair.</summary>
internal static class Pair
{
    /// <summary>The table's head.</summary>
    public static void Header() => Console.WriteLine($"{"work",-36} {"median ms",10} {"min",8} {"max",8}  {"peer",-34} {"median ms",10} {"ratio",7}");

    /// <summary>Times both after a warm-up and prints a line.</summary>
    public static void Run(string name, Action work, string peerName, Action peer, int rounds)
    {
        for (var i = 0; i < Math.Max(3, rounds / 20); i++)
        {
            work();
            peer();
        }
        var times = new double[rounds];
        var peerTimes = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            times[i] = Time(work);
            peerTimes[i] = Time(peer);
        }
        var ratio = Median(times.Zip(peerTimes, (a, b) => a / b));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-36} {Median(times),10:F3} {times.Min(),8:F3} {times.Max(),8:F3}  {peerName,-34} {Median(peerTimes),10:F3} {ratio,7:F2}"));
    }

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Milliseconds.</summary>
    public static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
