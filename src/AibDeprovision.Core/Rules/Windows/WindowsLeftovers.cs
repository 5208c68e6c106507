using System.Text.RegularExpressions;
using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Rules.Windows;

/// <summary>
/// What a build leaves on a Windows disk and Sysprep does not clear. On the machine itself it is only told, since the build may
/// still be at work there; in a mounted image it is what every VM will have.
/// </summary>
/// <param name="files">The machine's files.</param>
/// <param name="windows">Its Windows folder, without a backslash at the end.</param>
/// <param name="report">Gets what is found.</param>
/// <param name="onlyTold">Why it is all no more than information; null where it is as the rules say.</param>
/// <param name="warn">Gets what could not be looked at, as sentences.</param>
internal sealed class WindowsLeftovers(IFiles files, string windows, ResidueReport report, string? onlyTold, Action<string> warn)
{
    // The default name of packer-plugin-azure, which Azure Image Builder keeps.
    private static readonly string[] BuildUsers = ["packer"];

    // Or the same without regard to case.
    private static readonly string[] ElsewhereOnWindows = [".config", ".local", ".gnupg", ".Azure", ".terraform.d", ".pgpass", ".mylogin.cnf"];

    // As the tools' own documentation has them; most keep on Windows the folder that they have below a home of Linux.
    private static readonly string[] CredentialsBelowProfile =
    [
        .. LinuxResidueRules.CredentialsBelowHome.Where(path => path.Split('/') is [var first, ..] && !ElsewhereOnWindows.Contains(first, StringComparer.Ordinal) && path.IndexOf("Token", StringComparison.Ordinal) < 0).Select(path => path.Replace('/', '\\')),
        @"_netrc", @"AppData\Local\.IdentityService", @"AppData\Roaming\gcloud", @"AppData\Roaming\GitHub CLI\hosts.yml", @"AppData\Roaming\helm\registry\config.json",
        @"AppData\Roaming\terraform.d\credentials.tfrc.json", @"AppData\Roaming\postgresql\pgpass.conf", @"AppData\Roaming\MySQL\.mylogin.cnf", @"AppData\Roaming\rclone\rclone.conf",
    ];

    // learn.microsoft.com/windows-hardware/manufacture/desktop/windows-setup-automation-overview: where Setup looks by itself.
    private static readonly ResidueRule AnswerFilePassword = new(WindowsRules.AnswerFilePassword)
    {
        Paths =
        [
            @"C:\Windows\Panther\Unattend\unattend.xml", @"C:\Windows\Panther\Unattend\autounattend.xml", @"C:\Windows\Panther\unattend.xml", @"C:\Windows\Panther\autounattend.xml",
            @"C:\Windows\System32\Sysprep\unattend.xml", @"C:\unattend.xml", @"C:\autounattend.xml",
        ],
    };

    private static readonly ResidueRule BuildUserProfile = new(WindowsRules.BuildUserProfile) { Paths = [@"C:\Users\{user}"], KeptWithUser = true };

    private static readonly ResidueRule[] ByPath =
    [
        // packer-plugin-sdk, guestexec/elevated.go: task, script with the password, and output.
        new(WindowsRules.PackerElevatedScript) { Paths = [@"C:\Windows\Temp\packer-elevated-shell-*.ps1"] },
        new(WindowsRules.PackerTask) { Paths = [@"C:\Windows\System32\Tasks\packer-*"] },
        // learn.microsoft.com/powershell/module/psreadline/about/about_psreadline: HistorySavePath.
        new(WindowsRules.PowerShellHistory) { Paths = [@"~\AppData\Roaming\Microsoft\Windows\PowerShell\PSReadLine\*_history.txt"], KeptBy = ResidueKinds.History },
        new(WindowsRules.ProfileCredentials) { Paths = [.. CredentialsBelowProfile.Select(path => @"~\" + path)], KeptBy = ResidueKinds.Credentials },
        // learn.microsoft.com/windows-hardware/manufacture/desktop/windows-setup-log-files-and-event-logs
        new(WindowsRules.SetupLogs) { Paths = [@"C:\Windows\Panther\setup*.log", @"C:\Windows\Panther\UnattendGC\setup*.log", @"C:\Windows\System32\Sysprep\Panther\setup*.log"], KeptBy = ResidueKinds.Logs },
    ];

    private static readonly Regex Password = new(@"<(?<element>\w*Password)\b[^>]*>(?<inner>.{0,4000}?)</\k<element>\s*>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, TimeSpan.FromSeconds(5));
    private static readonly Regex Value = new(@"<Value\b[^>]*>\s*(?<value>[^<]*?)\s*</Value\s*>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    // What Setup puts in the place of a password in the answer file that it keeps.
    private const string Deleted = "*SENSITIVE*DATA*DELETED*";

    /// <summary>All of these rules, with where they look.</summary>
    public static IReadOnlyList<ResidueRule> Rules { get; } = [AnswerFilePassword, BuildUserProfile, .. ByPath];

    /// <summary>Looks.</summary>
    /// <param name="users">The users that were made for the build; empty for the name that Packer gives them.</param>
    public void Check(IReadOnlyList<string> users)
    {
        foreach (var path in AnswerFilePassword.Paths.Select(Here).Where(path => Looking(path, () => HasPassword(files.ReadText(path) ?? ""))))
        {
            report.Add(AnswerFilePassword, path, onlyTold: onlyTold);
        }
        foreach (var path in (users.Count > 0 ? users : BuildUsers).Select(user => Here(BuildUserProfile.Paths[0]).Replace("{user}", user)).Where(path => Looking(path, () => files.Exists(path))))
        {
            report.Add(BuildUserProfile, path, onlyTold: onlyTold);
        }
        List<string> profiles = [.. Find(Here(@"C:\Users\*")), Here(@"C:\Windows\System32\config\systemprofile")];
        foreach (var rule in ByPath)
        {
            foreach (var path in rule.Paths.SelectMany(pattern => pattern[0] == '~' ? profiles.SelectMany(profile => Find(profile + pattern.Substring(1))) : Find(Here(pattern))).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                report.Add(rule, path, onlyTold: onlyTold);
            }
        }
    }

    // The tables name the drive C: and its Windows folder.
    private string Here(string path) => path.StartsWith(@"C:\Windows\", StringComparison.Ordinal) ? windows + path.Substring(@"C:\Windows".Length) : windows.Substring(0, 2) + path.Substring(2);

    /// <summary>The paths that match a pattern: names with * for anything, in any case. No link is followed.</summary>
    private IEnumerable<string> Find(string pattern)
    {
        List<string> found = [pattern.Substring(0, 2)];
        foreach (var part in pattern.Substring(3).Split('\\'))
        {
            found = part.IndexOf('*') < 0 ? [.. found.Select(folder => $@"{folder}\{part}")]
                : [.. found.SelectMany(folder => Names(folder + @"\").Where(name => NamePattern.IsMatch(name.ToUpperInvariant(), part.ToUpperInvariant())).Select(name => $@"{folder}\{name}"))];
        }
        return found.Where(path => Looking(path, () => files.Exists(path)));
    }

    private List<string> Names(string folder)
    {
        List<string> names = [];
        Looking(folder, () =>
        {
            names.AddRange(files.NamesIn(folder).OrderBy(name => name, StringComparer.Ordinal));
            return true;
        });
        return names;
    }

    private bool Looking(string path, Func<bool> look)
    {
        try
        {
            return look();
        }
        catch (AibException e)
        {
            warn($"{PrintableText.Of(path)} was not looked at: {e.Message}");
            return false;
        }
    }

    private static bool HasPassword(string text)
    {
        try
        {
            return Password.Matches(text).Cast<Match>().Select(match => match.Groups["inner"].Value)
                .Select(inner => Value.Match(inner) is { Success: true } value ? value.Groups["value"].Value : inner.IndexOf('<') < 0 ? inner.Trim() : "")
                .Any(value => value.Length > 0 && value != Deleted);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new AibException(ErrorId.ReadFailed, "it could not be taken apart in time.", "Look at it by hand.", null, e);
        }
    }
}
