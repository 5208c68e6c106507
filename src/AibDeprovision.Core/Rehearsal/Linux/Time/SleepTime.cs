using System.Globalization;

namespace AibDeprovision.Rehearsal.Linux.Time;

/// <summary>Durations as sleep(1) takes them.</summary>
internal static class SleepTime
{
    /// <summary>The sum of the words: a number with s, m, h or d, or infinity. Words that are neither count nothing.</summary>
    public static TimeSpan Parse(IEnumerable<string> words)
    {
        var seconds = words.Sum(Seconds);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private static double Seconds(string word)
    {
        if (word is "inf" or "infinity")
        {
            return double.PositiveInfinity;
        }
        var unit = word.Length == 0 ? 1 : word[word.Length - 1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        var digits = unit == 0 ? word : word.Substring(0, Math.Max(0, word.Length - 1));
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * Math.Max(1, unit)
            : 0;
    }
}
