using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>
/// Build-specific state left on a Linux machine. It only reads, and as little as it can: most is decided by what is
/// there and how long it is; what it opens are the account files, the sudo rules and settings, never a key, a history or a log.
/// </summary>
internal sealed class LinuxResidue
{
    /// <summary>Why something is only told.</summary>
    public const string HasToStay = "Nothing in the image would make a new one, so it has to stay.";

    private const string CreatedByCloudInit = "Created by cloud-init";

    // Files of interfaces have it in their text that they are among these.
    private static readonly ResidueRule NetworkFiles = LinuxResidueRules.All.First(rule => rule.Id == "CloudInitNetworkFiles");
    private static readonly ResidueRule NotLookedAt = new("NotLookedAt", "Not all could be looked at", Severity.Warning, "not all of it could be looked at, so residue may be there.", "Run as root, and with all disks of the image mounted below its root; look at it by hand where that is not the reason.", Certainty.Unsure) { What = "not all of it could be looked at", Cleaning = ResidueCleaning.Otherwise };

    private readonly LinuxTree _tree;
    private readonly ResidueReport _report;
    private readonly LinuxAccounts _accounts;
    private readonly FirstBoot _firstBoot;
    private readonly bool _certification;
    private readonly DateTimeOffset? _cleanedAt;

    private LinuxResidue(ILinuxFiles files, GeneralizationPolicy policy)
    {
        _tree = new LinuxTree(files);
        _report = new ResidueReport(policy);
        _accounts = new LinuxAccounts(_tree, policy.Users);
        _firstBoot = new FirstBoot(_tree);
        _certification = policy.Certification;
        _cleanedAt = LinuxIdentity.CleanedAt(_tree);
    }

    /// <summary>Every rule there is; some have several parts.</summary>
    public static IEnumerable<ResidueRule> Rules => [.. UserResidue.Rules, .. LinuxIdentity.Rules, .. LinuxResidueRules.All, .. Certification.Rules, OrphanedFiles.Rule, NotLookedAt];

    /// <summary>Looks.</summary>
    /// <param name="files">The machine's files.</param>
    /// <param name="policy">What is meant to stay.</param>
    /// <param name="cancel">Ends it.</param>
    public static IReadOnlyList<Finding> Check(ILinuxFiles files, GeneralizationPolicy policy, CancellationToken cancel = default)
    {
        var check = new LinuxResidue(files, policy);
        foreach (var folder in AbsentDisks.Of(check._tree, check._accounts))
        {
            check._tree.Miss(folder, "by /etc/fstab it is a disk of its own, and that is not mounted here");
        }
        check.CheckAll(cancel);
        new OrphanedFiles(check._tree, check._accounts, check._report).Check(cancel);
        check.TellUnseen();
        return [.. check._report.Findings];
    }

    /// <summary>Looks on a machine that was generalized right now: a disk that is not mounted was not part of it.</summary>
    public static ResidueReport CheckGeneralized(ILinuxFiles files, GeneralizationPolicy policy, CancellationToken cancel)
    {
        var check = new LinuxResidue(files, policy);
        check.CheckAll(cancel);
        check.TellUnseen();
        return check._report;
    }

    private void CheckAll(CancellationToken cancel)
    {
        new UserResidue(_tree, _accounts, _report).Check();
        new LinuxIdentity(_tree, _firstBoot, _report).Check();
        foreach (var rule in LinuxResidueRules.All)
        {
            foreach (var path in rule.Paths.SelectMany(PathsOf))
            {
                cancel.ThrowIfCancellationRequested();
                if (_tree.FileAt(path) is var file && (!rule.WithContent || HasContent(file)))
                {
                    _report.Claim(rule, path, OnlyTold(rule, file));
                }
            }
            foreach (var (path, file) in rule.Below.SelectMany(folder => _tree.Below(folder, rule.WithMounts)))
            {
                cancel.ThrowIfCancellationRequested();
                // A pipe, socket or device holds nothing.
                if (file.Kind != MachineFileKind.Special && (!rule.WithContent || HasContent(file)))
                {
                    _report.Claim(rule, path, OnlyTold(rule, file));
                }
            }
        }
        CheckInterfaceFiles();
        if (_certification)
        {
            new Certification(_tree, _report).Check();
        }
    }

    private void TellUnseen()
    {
        foreach (var missed in _tree.Unseen)
        {
            _report.Add(NotLookedAt, missed.Key, about: missed.Value);
        }
    }

    private IEnumerable<string> PathsOf(string pattern) =>
        pattern.StartsWith("~/", StringComparison.Ordinal) ? _accounts.Homes().SelectMany(home => InHome(home, pattern.Substring(2)))
        : pattern.Contains("{user}") ? _accounts.Provisioned.Where(LinuxAccounts.IsUserName).SelectMany(user => _tree.Find(pattern.Replace("{user}", user)))
        : _tree.Find(pattern);

    // Not through a link that leads out of the home: what is there is not the user's.
    private IEnumerable<string> InHome(string home, string pattern) =>
        _tree.Follow(home) is { } place ? _tree.Find(place, pattern).Where(path => path.StartsWith(place + "/", StringComparison.Ordinal)) : [];

    private static bool HasContent(LinuxFile? file) => file is { Kind: MachineFileKind.File, Size: > 0 };

    private string? OnlyTold(ResidueRule rule, LinuxFile? file) =>
        rule.MadeAnewBy is { } maker && !_firstBoot.Makes(maker) ? HasToStay
        : rule.GrowsAgain && _cleanedAt is { } cleaned && file?.Modified > cleaned ? "It was written after the machine had been cleaned."
        : null;

    // They are also written by hand and by installers: only their text tells.
    private void CheckInterfaceFiles()
    {
        foreach (var path in _tree.Find("/etc/sysconfig/network-scripts/ifcfg-*").Concat(_tree.Find("/etc/sysconfig/network/ifcfg-*")))
        {
            if (_tree.ReadText(path)?.Contains(CreatedByCloudInit) == true)
            {
                _report.Claim(NetworkFiles, path, OnlyTold(NetworkFiles, null));
            }
        }
    }
}
