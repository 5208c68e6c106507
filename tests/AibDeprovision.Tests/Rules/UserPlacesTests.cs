using System.Diagnostics;
using AibDeprovision.Rules;

namespace AibDeprovision.Tests.Rules;

/// <summary>Homes that outlive their account, and what belongs to nobody any more.</summary>
public sealed class UserPlacesTests : IDisposable
{
    private readonly LinuxRoot _root = new();

    public UserPlacesTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && string.Equals(Environment.UserName, "root", StringComparison.Ordinal), "It is about the owners of files, which only root can give away.");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_home_of_an_account_that_is_gone_is_residue_by_itself()
    {
        _root.Write("/home/builder/notes", "x");
        _root.Write("/home/shared/data", "x");
        _root.Write("/var/spool/cron/crontabs/ghost", "x");
        Own("/home/builder", 1000);
        Own("/var/spool/cron/crontabs/ghost", 1007);
        Assert.Equal(["/home/builder", "/var/spool/cron/crontabs/ghost"], Found("OrphanFiles"));
        Assert.All(_root.Check(new() { KeepUser = true }), f => Assert.Equal(Severity.Information, f.Severity));
    }

    [Theory]
    [InlineData(1001u)] // of an account
    [InlineData(999u)]
    [InlineData(60000u)]
    [InlineData(0u)]
    public void One_of_somebody_is_not(uint owner)
    {
        _root.Write("/etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1001:1001::/home/app:/bin/sh\n");
        _root.Write("/home/builder/notes", "x");
        Own("/home/builder", owner);
        Assert.Empty(Found("OrphanFiles"));
    }

    [Theory]
    [InlineData("/opt/home", 1000u, "/opt/home")]
    [InlineData("/srv/app", 0u, "")]
    [InlineData("/home/packer", 0u, "/home/packer")]
    [InlineData("/home", 1000u, "")]
    public void A_home_elsewhere_is_the_users_where_it_is_nobody_elses(string home, uint owner, string found)
    {
        _root.Write("/etc/passwd", $"root:x:0:0::/root:/bin/sh\npacker:x:1000:1000::{home}:/bin/sh\napp:x:1001:1001::/home/app:/bin/sh\n");
        _root.AddFolder("/home/app");
        _root.AddFolder(home);
        Own(home, owner);
        Assert.Equal(found.Length > 0 ? [found] : [], Found("UserHome", new() { Users = ["packer"] }));
        // The old one stays where only the account was moved.
        _root.AddFolder("/home/packer");
        Assert.Contains("/home/packer", Found("UserHome", new() { Users = ["packer"] }));
    }

    [Fact]
    public void Files_of_a_number_without_an_account_are_named_wherever_they_are_once_a_folder()
    {
        _root.Write("/etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1001:1001::/home/app:/bin/sh\n");
        foreach (var path in (string[])["/opt/tool/bin/deep/a", "/opt/tool/b", "/srv/data/mine", "/srv/data/theirs", "/var/lib/other/x", "/home/gone/x", "/usr/share/low"])
        {
            _root.Write(path, "x");
        }
        Own("/opt/tool", 1005);
        Own("/srv/data/mine", 1001);
        Own("/srv/data/theirs", 59999);
        Own("/home/gone", 1002);
        Own("/usr/share/low", 500);
        Assert.Equal(["/opt/tool", "/srv/data/theirs"], Found("OrphanFilesElsewhere").Order(StringComparer.Ordinal));
        Assert.Equal(["/home/gone"], Found("OrphanFiles"));
        // What one number has can be the build user's, once that is gone.
        _root.Write("/etc/passwd", "root:x:0:0::/root:/bin/sh\n");
        Assert.Equal(["/opt/tool", "/srv/data/mine", "/srv/data/theirs"], Found("OrphanFilesElsewhere").Order(StringComparer.Ordinal));
        // It decides no verdict: an archive may have brought them.
        Assert.Null(AibDeprovision.Rules.Linux.LinuxResidue.CheckGeneralized(_root.Files, new GeneralizationPolicy { KeepUser = true }, TestContext.Current.CancellationToken).First);
    }

    private IEnumerable<string> Found(string rule, GeneralizationPolicy? policy = null) => _root.Check(policy).Where(f => f.RuleId == rule).Select(f => f.File!);

    private void Own(string path, uint owner)
    {
        using var chown = Process.Start("chown", ["-R", FormattableString.Invariant($"{owner}"), _root[path]]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }
}
