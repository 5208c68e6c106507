using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// The settings of sshd as it reads them: what it includes in the place of the Include, and without what holds for some sessions
/// only (Match). Of a setting that can have one value, the first counts.
/// </summary>
internal sealed class SshdSettings
{
    private const int Deepest = 16;

    private static readonly Regex Setting = new(@"^\s*(?<keyword>[A-Za-z]+)(\s*=\s*|\s+)(?<value>.*?)\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private readonly LinuxTree _tree;
    private readonly List<SshdSetting> _all = [];

    /// <summary>Reads them; none where the machine has no sshd.</summary>
    public SshdSettings(LinuxTree tree)
    {
        _tree = tree;
        // SUSE and others have the vendor's below /usr, which counts where /etc has none.
        File = ((string[])["/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"]).FirstOrDefault(tree.Exists);
        if (File is not null)
        {
            Read(File, 0);
        }
    }

    /// <summary>The file that sshd begins with; null where there is none.</summary>
    public string? File { get; }

    /// <summary>All values that are set for a keyword, in their order.</summary>
    public IEnumerable<SshdSetting> Of(string keyword) => _all.Where(setting => setting.Keyword.Equals(keyword, StringComparison.OrdinalIgnoreCase));

    /// <summary>A time as sshd writes it (180, 3m, 1h30m), in seconds; null for what is none.</summary>
    public static int? Seconds(string time)
    {
        var match = Regex.Match(time, @"^((?<number>[0-9]{1,6})(?<unit>[smhdwSMHDW]?))+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        long? sum = !match.Success ? null : match.Groups["number"].Captures.Cast<Capture>().Zip(match.Groups["unit"].Captures.Cast<Capture>(), (number, unit) => long.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture)
            * (unit.Value.ToUpperInvariant() switch { "M" => 60, "H" => 3600, "D" => 86_400, "W" => 604_800, _ => 1 })).Sum();
        return sum is { } seconds and <= int.MaxValue ? (int)seconds : null;
    }

    private void Read(string file, int depth)
    {
        foreach (var (number, text) in _tree.LinesOf(file))
        {
            var match = Setting.Match(text);
            if (!match.Success)
            {
                continue;
            }
            var (keyword, value) = (match.Groups["keyword"].Value, match.Groups["value"].Value);
            if (keyword.Equals("Match", StringComparison.OrdinalIgnoreCase))
            {
                // It goes on to the end of its file.
                return;
            }
            if (!keyword.Equals("Include", StringComparison.OrdinalIgnoreCase))
            {
                _all.Add(new SshdSetting(keyword, Regex.Replace(value, @"\s+#.*$", "", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Trim('"'), file, number));
            }
            else if (depth < Deepest)
            {
                foreach (var pattern in value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim('"')))
                {
                    foreach (var included in _tree.Find(pattern.StartsWith("/", StringComparison.Ordinal) ? pattern : "/etc/ssh/" + pattern))
                    {
                        Read(included, depth + 1);
                    }
                }
            }
        }
    }
}

/// <summary>A setting of sshd.</summary>
/// <param name="Keyword">Its name.</param>
/// <param name="Value">What it is set to.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record SshdSetting(string Keyword, string Value, string File, int Line);
