using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>
/// Clears what waagent leaves, and proves that it is gone. What has to go, and how, is said by the same rules by which
/// Test-AibGeneralization looks at an image.
/// </summary>
internal sealed class LinuxCleaning
{
    /// <summary>The most lines about what is left.</summary>
    private const int MostTold = 50;

    private const string MachineIdPath = "/etc/machine-id";
    private const string ResolvConfPath = "/etc/resolv.conf";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UserLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CloudInitLimit = TimeSpan.FromMinutes(3);

    // The clock by which the kernel stamps files is up to a tick behind.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private static readonly Regex OldLog = new(@"\.(gz|xz|zst|bz2|old|[0-9]{1,2})$|-[0-9]{8}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private readonly LinuxWork _work;
    private readonly BuildUser? _user;
    private readonly WhatReturns _returns;
    private readonly GeneralizationPolicy _policy;
    private readonly string? _resolvLink;
    private readonly bool _isProvisioned;
    private DateTimeOffset _since;

    /// <summary>To be made before waagent runs: afterwards some of it cannot be seen any more.</summary>
    /// <param name="work">The machine and the plan.</param>
    /// <param name="user">The user that was made for the build; null where that is not known.</param>
    /// <param name="returns">What the next machine makes for itself.</param>
    public LinuxCleaning(LinuxWork work, BuildUser? user, WhatReturns returns)
    {
        _work = work;
        _user = user;
        _returns = returns;
        _policy = new GeneralizationPolicy { Keep = work.Plan.Keep, KeepUser = work.Plan.KeepUser, Users = user is null ? [] : [user.Name] };
        _resolvLink = work.Machine.Files.TargetOf(ResolvConfPath);
        _isProvisioned = work.Look().Exists(LinuxAgent.ProvisionedFile);
    }

    /// <summary>Clears it. What could not be cleared is left to <see cref="Verify"/>.</summary>
    public void Clean()
    {
        _since = new DateTimeOffset(_work.Machine.Clock.UtcNow, TimeSpan.Zero) - Tick;
        if (!_work.Plan.KeepUser && _user is not null)
        {
            DeleteUser(_user);
        }
        if (!_work.Keeps(ResidueKinds.CloudInit))
        {
            CleanCloudInit();
        }
        // Stopped, because it would save a new seed when the VM is shut down.
        _work.RunIfThere(Short, "systemctl", "stop", "systemd-random-seed.service");
        if (!_work.Keeps(ResidueKinds.Logs))
        {
            // Otherwise journald goes on writing into files that are removed.
            _work.RunIfThere(Short, "journalctl", "--relinquish-var");
        }
        ClearByRules(Look(cleanedAt: null).Left);
        EmptyMachineId();
        RestoreResolvLink();
        LockRootsPassword();
        if (!_work.Keeps(ResidueKinds.Logs))
        {
            _work.Log.Phase("clean", "emptied the logs under /var/log");
        }
        if (!_work.Keeps(ResidueKinds.TempFiles))
        {
            EmptyTemporaryFolders();
        }
    }

    /// <summary>Looks what is left: the result counts, not what the commands have said.</summary>
    /// <exception cref="DeprovisionEndException">Something is left.</exception>
    public void Verify()
    {
        // What services have written after the cleaning is not residue.
        var report = Look(_since);
        var isUserMissing = !_work.Plan.KeepUser && _user is null && _isProvisioned;
        var left = WhatIsLeft(report);
        if (isUserMissing)
        {
            // After a first run there may be none any more; before it, there is one who would stay.
            left.Add(("/etc/passwd", "the provisioned user, whom nothing names"));
        }
        foreach (var (path, what) in left.Take(MostTold))
        {
            _work.Log.Phase("verify", $"left: {path} ({what})");
        }
        foreach (var path in report.Findings.Where(finding => finding is { RuleId: UserResidue.NamedAmongOthersId, Severity: Severity.Error }).Select(finding => finding.File).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            _work.Log.Phase("verify", $"kept: the rules in {path}, which name {_user?.Name} among others");
        }
        new LinuxKept(_work, _user is not null || isUserMissing, _returns).Tell();
        if (left.Count > 0)
        {
            throw new DeprovisionEndException(DeprovisionExitCode.ResidueLeft, FormattableString.Invariant($"{left.Count} left, first {left[0].Path} ({left[0].What})"))
            {
                Findings = [.. report.Findings.Where(finding => finding.Severity != Severity.Information && report.Left.Any(l => l.Rule.Id == finding.RuleId))],
            };
        }
        _work.Log.Phase("verify", "nothing that has to go is left");
    }

    private List<(string Path, string What)> WhatIsLeft(ResidueReport report)
    {
        var tree = _work.Look();
        var accounts = new LinuxAccounts(tree, []).All;
        // The home of an account that is left goes with the account.
        var isUserThere = accounts.Any(account => account.Name == _user?.Name);
        var left = report.Left.Where(left => !isUserThere || left.Rule.Id != UserResidue.HomeId).Select(left => (left.Path, left.What)).ToList();
        // The rules know only where homes usually are.
        if (!_work.Plan.KeepUser && _user?.Home is { } home && home.StartsWith("/home/", StringComparison.Ordinal)
            && left.TrueForAll(l => l.Path != home) && tree.Find(home).Any() && !accounts.Any(account => account.Home == home))
        {
            left.Add((home, $"the home of {_user.Name}"));
        }
        return left;
    }

    private ResidueReport Look(DateTimeOffset? cleanedAt) => LinuxResidue.Look(_work.Machine.Files, _policy, _returns, cleanedAt, _work.GoOn);

    private bool Try(Action<ILinuxChanges> change)
    {
        _work.GoOn();
        return _work.Try("clean", change);
    }

    private void ClearByRules(IReadOnlyList<ResidueLeft> all)
    {
        // The lines of a file all at once: their numbers hold for the file as it was.
        foreach (var file in all.Where(left => left.Rule.Cleaning == ResidueCleaning.DropLine).GroupBy(left => left.Path))
        {
            DropLines(file.Key, [.. file.Select(left => left.Line).OfType<int>()]);
        }
        foreach (var kind in all.Where(left => left.Rule.Cleaning == ResidueCleaning.Remove).GroupBy(left => left.What))
        {
            if (kind.Count(left => Try(changes => changes.Remove(left.Path))) is > 0 and var removed)
            {
                _work.Log.Phase("clean", FormattableString.Invariant($"removed {kind.Key} ({removed})"));
            }
        }
        foreach (var path in all.Where(left => left.Rule.Cleaning == ResidueCleaning.Empty).Select(left => left.Path))
        {
            Try(OldLog.IsMatch(path.Substring(path.LastIndexOf('/') + 1)) ? changes => changes.Remove(path) : changes => changes.Empty(path));
        }
    }

    private void DropLines(string path, HashSet<int> numbers)
    {
        // In place, so that owner and mode stay. It may be a link to the file.
        if (_work.Look().Follow(path) is { } place && Try(changes => changes.EditLines(place, lines => Without(lines, numbers))))
        {
            _work.Log.Phase("clean", $"removed the lines of this machine from {path}");
            if (path == LinuxAgent.RulesFile && _work.Look().Look(place) is { Size: 0 })
            {
                Try(changes => changes.Remove(place));
            }
        }
    }

    // Where the last line goes and had no end, the one before it keeps its own.
    private static IEnumerable<string> Without(IReadOnlyList<string> lines, HashSet<int> numbers)
    {
        for (var i = 1; i < lines.Count; i++)
        {
            // What a rule goes on with goes with it.
            if (numbers.Contains(i) && lines[i - 1].TrimEnd('\r').EndsWith("\\", StringComparison.Ordinal))
            {
                numbers.Add(i + 1);
            }
        }
        var rest = lines.Where((_, i) => !numbers.Contains(i + 1));
        return numbers.Contains(lines.Count) && numbers.Count < lines.Count ? rest.Append("") : rest;
    }

    private void DeleteUser(BuildUser user)
    {
        if (!user.IsThere(_work.Look()))
        {
            return;
        }
        var run = _work.RunIfThere(UserLimit, "userdel", "-f", "-r", user.Name) ?? _work.RunIfThere(UserLimit, "deluser", "--remove-home", user.Name);
        if (!user.IsThere(_work.Look()))
        {
            _work.Log.Phase("clean", $"deleted the account {user.Name}");
        }
        else if (run is not null)
        {
            _work.ShowEvidence("clean", run);
        }
    }

    private void CleanCloudInit()
    {
        if (_work.Machine.FindProgram("cloud-init") is not { } program)
        {
            return;
        }
        if (_work.Look().Find("/var/lib/cloud/scripts/per-*/*").Count() is > 0 and var scripts)
        {
            _work.Log.Phase("clean", FormattableString.Invariant($"cloud-init clean will also remove the scripts in /var/lib/cloud/scripts ({scripts})"));
        }
        string[] arguments = _work.Keeps(ResidueKinds.Logs) ? ["clean", "--seed"] : ["clean", "--logs", "--seed"];
        var run = _work.Run(CloudInitLimit, [program, .. arguments]);
        if (run.Status == 0)
        {
            _work.Log.Phase("clean", $"cloud-init {string.Join(" ", arguments)} has ended");
            return;
        }
        _work.ShowEvidence("clean", run);
        _work.Log.Phase("clean", $"cloud-init {string.Join(" ", arguments)} failed; its state is removed without it");
    }

    // Emptied: if it were missing, systemd would take the next boot for the first of a new system.
    private void EmptyMachineId()
    {
        var tree = _work.Look();
        if (!_work.Keeps(ResidueKinds.MachineId) && tree.Follow(MachineIdPath) is { } place && tree.Look(place) is { Size: > 0 } && Try(changes => changes.Empty(place)))
        {
            _work.Log.Phase("clean", $"emptied {MachineIdPath}");
        }
    }

    // A link into /run holds nothing of this machine, and without it the next one may have no name resolution.
    private void RestoreResolvLink()
    {
        if (_resolvLink?.Contains("/run/") == true && !_work.Look().Find(ResolvConfPath).Any() && Try(changes => changes.Link(ResolvConfPath, _resolvLink)))
        {
            _work.Log.Phase("clean", $"restored the link {ResolvConfPath}");
        }
    }

    // waagent does so only where its configuration says it.
    private void LockRootsPassword()
    {
        if (!LinuxIdentity.IsRootLocked(_work.Look())
            && (_work.RunIfThere(Short, "usermod", "-p", "*", "root") is { Status: 0 } || _work.RunIfThere(Short, "passwd", "-l", "root") is { Status: 0 }))
        {
            _work.Log.Phase("clean", "locked root's password");
        }
    }

    // Not the script that this may be called from, nor the files through which Packer runs it, which Packer removes.
    private void EmptyTemporaryFolders()
    {
        var script = DeprovisionPlan.TargetPathOf(DeprovisionPlatform.Linux);
        foreach (var folder in ((string[])["/tmp", "/var/tmp"]).Select(_work.Look().Follow).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            Try(changes => changes.RemoveBelow(folder, path =>
            {
                _work.GoOn();
                return path == script || path.StartsWith("/tmp/script_", StringComparison.Ordinal);
            }));
        }
        _work.Log.Phase("clean", "emptied /tmp and /var/tmp");
    }
}
