using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.Rules;

namespace AibDeprovision.Generalizing;

/// <summary>The marker lines by which a deprovision tells what it does, in the form of the generated scripts.</summary>
internal sealed class DeprovisionLog(IClock clock, Action<string, string> write)
{
    private static readonly Regex Blanks = new(@"\s+", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    private readonly TimeSpan _since = clock.Elapsed;

    /// <summary>The time since the beginning.</summary>
    public TimeSpan Elapsed => clock.Elapsed - _since;

    /// <summary>The text on one line, and nothing in it that a terminal takes for a command, or that is secret.</summary>
    public static string OneLine(string text) => SecretText.Mask(PrintableText.Of(Blanks.Replace(text, " ")));

    /// <summary>Writes a line that another program or log has.</summary>
    public void Evidence(string phase, string line) => write(phase, "    | " + SecretText.Mask(PrintableText.Of(line)));

    /// <summary>Writes a finding on a line of the phase readiness: severity, rule, a colon, and its sentences.</summary>
    public void Finding(Finding finding) => Phase("readiness", $"{finding.Severity} {finding.RuleId}: {finding.Message}{(finding.Remedy is null ? "" : " " + finding.Remedy)}");

    /// <summary>Writes one line.</summary>
    /// <param name="phase">start, wait-services, prepare, sysprep, verify, verdict and so on.</param>
    /// <param name="text">What happens, on one line whatever it holds.</param>
    public void Phase(string phase, string text)
    {
        // Cut off, not rounded, as the scripts do it.
        var tenths = Elapsed.Ticks / (TimeSpan.TicksPerSecond / 10);
        write(phase, FormattableString.Invariant($">>> AibDeprovision [{tenths / 10,5}.{tenths % 10}s] {phase}: {OneLine(text)}"));
    }
}
