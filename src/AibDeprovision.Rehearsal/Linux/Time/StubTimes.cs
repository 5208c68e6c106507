using System.Globalization;

namespace AibDeprovision.Rehearsal.Linux.Time;

/// <summary>Reads from the command lines of the machine's sleep and timeout when they want to be woken.</summary>
internal static class StubTimes
{
    /// <summary>The times, each counted from the one before it; MaxValue for never. Null for any other program.</summary>
    /// <param name="words">The command line, with the interpreter before the stub.</param>
    public static IReadOnlyList<TimeSpan>? Read(IReadOnlyList<string> words) => (words.Count < 2 ? "" : Path.GetFileName(words[1])) switch
    {
        "sleep" => [Duration(words.Skip(2))],
        "timeout" => TimeoutOf(words.Skip(2).ToList()),
        _ => null,
    };

    /// <summary>The limit, and the time after it that -k gives; zero stands for none.</summary>
    private static List<TimeSpan> TimeoutOf(List<string> words)
    {
        var killAfter = TimeSpan.Zero;
        var at = 0;
        for (; at < words.Count && words[at].StartsWith("-", StringComparison.Ordinal); at++)
        {
            var word = words[at];
            if (word == "--")
            {
                at++;
                break;
            }
            if (word is "-k" or "--kill-after" && at + 1 < words.Count)
            {
                killAfter = Duration([words[++at]]);
            }
            else if (word is "-s" or "--signal")
            {
                at++;
            }
            else if (word.StartsWith("--kill-after=", StringComparison.Ordinal))
            {
                killAfter = Duration([word.Substring("--kill-after=".Length)]);
            }
            else if (word.StartsWith("-k", StringComparison.Ordinal))
            {
                killAfter = Duration([word.Substring(2)]);
            }
        }
        var limit = at < words.Count ? Duration([words[at]]) : TimeSpan.Zero;
        return limit == TimeSpan.Zero ? [] : killAfter == TimeSpan.Zero ? [limit] : [limit, killAfter];
    }

    /// <summary>The sum of numbers with s, m, h or d, or infinity. Words that are neither count nothing: the stubs refuse them.</summary>
    private static TimeSpan Duration(IEnumerable<string> words)
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
        var unit = word.Length == 0 ? 0 : word[word.Length - 1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        var digits = unit == 0 ? word : word.Substring(0, word.Length - 1);
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * Math.Max(1, unit)
            : 0;
    }
}
