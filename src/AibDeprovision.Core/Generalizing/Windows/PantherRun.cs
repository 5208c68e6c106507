using System.Text.RegularExpressions;
using AibDeprovision.Rules;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>A line of setupact.log or setuperr.log.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Text">What is in it, fit to be shown (see <see cref="PrintableText.Short"/> and <see cref="SecretText"/>).</param>
internal sealed record PantherLine(int Number, string Text)
{
    // 2026-01-15 09:00:00, Error      [0x0f0082] SYSPRP LaunchDll:...
    private static readonly Regex Grammar = new(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, (?<level>\w+)\s+(?<message>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>Errors of healthy runs and of the vendor's own installation: they never are the cause.</summary>
    public const string NoisePattern = @"MRTGeneralize:\d+ - ERROR|setupdigetclassdevs failed with error 0|Compat-Gentel custom trigger|BCD: BiUpdateEfiEntry .*c000000d";

    private static readonly Regex Noise = new(NoisePattern,
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    /// <summary>What follows the time and the level; the whole line where it has another form.</summary>
    public string Message => Grammar.Match(Text) is { Success: true } match ? match.Groups["message"].Value : Text;

    /// <summary>Whether it is an error that may be a cause.</summary>
    public bool IsError => Grammar.Match(Text) is { Success: true } match && match.Groups["level"].Value == "Error" && !Noise.IsMatch(Text);
}

/// <summary>The last run in one of Sysprep's logs; they are appended to, so older runs come first and count for nothing.</summary>
internal static class PantherRun
{
    /// <summary>What is in the first line of a run.</summary>
    public const string Begin = "Beginning of a new sysprep run";

    /// <summary>The lines of the last run; all of them where no run begins. Each is made when it is asked for: the log of an image may be made to harm.</summary>
    public static IEnumerable<PantherLine> LastIn(string? log)
    {
        log ??= "";
        var begin = log.LastIndexOf(Begin, StringComparison.Ordinal);
        var number = 0;
        for (int at = 0, end; at < log.Length; at = end + 1)
        {
            end = log.IndexOf('\n', at) is >= 0 and var found ? found : log.Length;
            number++;
            if (end > begin && end > at && log.Substring(at, end - at).TrimEnd('\r') is { Length: > 0 } text)
            {
                yield return new PantherLine(number, SecretText.Mask(PrintableText.Short(text.Replace('\t', ' '))));
            }
        }
    }
}
