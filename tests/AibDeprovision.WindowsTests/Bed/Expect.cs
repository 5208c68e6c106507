using System.Diagnostics;
using AibDeprovision.WindowsTests.Measuring;

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>What scenarios hold for true. xunit's own assertions are not here: its runner hangs in Wine after a failure.</summary>
public static class Expect
{
    /// <summary>Fails the scenario when something does not hold.</summary>
    public static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ScenarioFailedException(otherwise);
        }
    }

    /// <summary>Fails the scenario when something does not come to hold within 20 seconds.</summary>
    public static void Soon(Func<bool> holds, string otherwise)
    {
        ArgumentNullException.ThrowIfNull(holds);
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            That(clock.Elapsed < TimeSpan.FromSeconds(20), otherwise);
            Thread.Sleep(100);
        }
    }

    /// <summary>Fails the scenario when a value is another one.</summary>
    public static void Equal<T>(T expected, T actual, string what) =>
        That(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} should be {expected}, and is {actual}");

    /// <summary>Fails the scenario when no line contains a text.</summary>
    public static void Contains(string text, IEnumerable<string> lines) =>
        That(lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"no line contains '{text}'");

    /// <summary>Fails the scenario when what has set the stamp is seen only now by the 10-second poll beside the notifications, which comes every 10 s.</summary>
    public static void Noticed(string what) => Between(0, 2, Stamp.Until(Stopwatch.GetTimestamp()), $"noticing {what}");

    /// <summary>Fails the scenario when something took too long or was over too soon.</summary>
    public static void Between(double fromSeconds, double toSeconds, TimeSpan time, string what) =>
        That(time.TotalSeconds >= fromSeconds && time.TotalSeconds <= toSeconds, $"{what} should take {fromSeconds} to {toSeconds} s, and took {time.TotalSeconds:F1} s");
}
