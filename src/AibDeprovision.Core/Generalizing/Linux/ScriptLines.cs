using System.Globalization;
using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rules;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>The lines that the hardened script prints, as it prints them: each has a phase, and the last one is the verdict, which is held back.</summary>
/// <param name="write">Gets each of the others as phase and text.</param>
internal sealed class ScriptLines(Action<string, string> write)
{
    private static readonly Regex Marker = new(@"^>>> AibDeprovision \[ *[0-9]+\.[0-9]s\] (?<phase>[a-z-]+): (?<text>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex Verdict = new(@"^(?<name>[A-Za-z]+) \(exit code (?<code>[0-9]+)\): (?<cause>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex ProvisionedUser = new("^the provisioned user is (?<name>[^ ,]+), by ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private string _phase = "start";
    private string _last = "";
    private string? _verdict;

    /// <summary>The user that was made for the build; null where nothing names one.</summary>
    public string? User { get; private set; }

    /// <summary>Takes a line.</summary>
    public void Take(string line)
    {
        var marker = Marker.Match(line);
        if (marker.Success)
        {
            _phase = marker.Groups["phase"].Value;
            var text = marker.Groups["text"].Value;
            if (_phase == "verdict")
            {
                _verdict = text;
                return;
            }
            User = _phase == "waagent" && ProvisionedUser.Match(text) is { Success: true } user ? user.Groups["name"].Value : User;
        }
        _last = line;
        write(_phase, PrintableText.Of(line));
    }

    /// <summary>What the script has come to: its verdict, where that and the exit status say the same.</summary>
    /// <param name="status">The exit status; null where it was ended from outside.</param>
    /// <param name="deadline">When it should have ended.</param>
    public DeprovisionResult ResultOf(int? status, TimeSpan deadline)
    {
        var verdict = Verdict.Match(_verdict ?? "");
        if (status is null)
        {
            return Of(DeprovisionExitCode.DeadlinePassed, FormattableString.Invariant($"the script had not ended long after the deadline of {deadline.TotalSeconds} s, and was ended"));
        }
        var isKnown = verdict.Success && Enum.IsDefined(typeof(DeprovisionExitCode), status.Value) && verdict.Groups["name"].Value == ((DeprovisionExitCode)status.Value).ToString()
            && verdict.Groups["code"].Value == status.Value.ToString(CultureInfo.InvariantCulture);
        return isKnown ? Of((DeprovisionExitCode)status.Value, verdict.Groups["cause"].Value)
            : Of(DeprovisionExitCode.Unexpected, FormattableString.Invariant($"the script ended with status {status} and not with a verdict; its last line: {_last}"));
    }

    private static DeprovisionResult Of(DeprovisionExitCode verdict, string cause) => new() { Verdict = verdict, Cause = DeprovisionLog.OneLine(cause) };
}
