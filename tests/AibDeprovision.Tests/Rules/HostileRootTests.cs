using System.Diagnostics;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rules;

/// <summary>Images that are made to mislead: nothing outside of them is reached, nothing hangs, nothing is printed that should not be.</summary>
public sealed class HostileRootTests : IDisposable
{
    private readonly LinuxRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("ABSOLUTE")]
    [InlineData("../../../../../../../../../../../..ABSOLUTE")]
    public void A_link_is_followed_within_the_root_and_never_out_of_it(string target)
    {
        Directory.CreateDirectory(_root.Outside);
        File.WriteAllText(Path.Combine(_root.Outside, "provisioned"), "x");
        File.WriteAllText(Path.Combine(_root.Outside, "shadow"), "root:hash:1::::::\n");
        _root.Link("/var/lib/waagent", target.Replace("ABSOLUTE", _root.Outside, StringComparison.Ordinal));
        _root.Delete("/etc/shadow");
        _root.Link("/etc/shadow", target.Replace("ABSOLUTE", _root.Outside, StringComparison.Ordinal) + "/shadow");

        Assert.Empty(_root.Check());

        // The same place exists inside too.
        _root.Write(_root.Outside + "/provisioned", "x");
        Assert.Equal(_root.Outside + "/provisioned", Assert.Single(_root.Check()).File);
    }

    [Fact]
    public void A_link_at_the_place_of_residue_is_the_residue()
    {
        _root.Link("/var/lib/systemd/random-seed", "/nowhere");
        _root.Link("/home/builder", "/etc");
        Assert.Equal(["/home/builder", "/var/lib/systemd/random-seed"], _root.Check(new() { Users = ["builder"] }).Select(f => f.File!));
    }

    [Fact]
    public void Links_that_go_in_a_circle_are_told_and_end()
    {
        _root.Link("/var/lib/waagent", "../lib/waagent2");
        _root.Link("/var/lib/waagent2", "/var/lib/waagent");
        var finding = Assert.Single(_root.Check());
        Assert.Equal("NotLookedAt", finding.RuleId);
        Assert.Contains("circle", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_out_of_a_home_is_not_followed_for_histories()
    {
        _root.Write("/srv/shared/my_history.md", "x");
        _root.Link("/root/.local/share/fish", "/srv/shared");
        Assert.Empty(_root.Check());
    }

    [Fact]
    public async Task Pipes_and_devices_are_never_opened()
    {
        Assert.SkipUnless(Toolbox.Has("mkfifo"), Toolbox.Missing("mkfifo"));
        string[] pipes = ["/etc/hosts", "/etc/hostname", "/etc/shadow", "/etc/subuid", "/etc/sudoers", "/etc/waagent.conf", "/var/lib/waagent/ovf-env.xml", "/etc/machine-id", "/tmp/pipe", "/var/log/pipe"];
        foreach (var pipe in pipes)
        {
            _root.AddFolder(pipe[..pipe.LastIndexOf('/')]);
            _root.Delete(pipe);
            using var make = Process.Start("mkfifo", [_root[pipe]]);
            make.WaitForExit();
            Assert.Equal(0, make.ExitCode);
        }
        // Whatever is opened is a device of this machine here: zero never ends.
        _root.Link("/root/.netrc", "/dev/zero");

        var findings = await Task.Run(() => _root.Check(), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(["/root/.netrc", "/var/lib/waagent/ovf-env.xml"], findings.Select(f => f.File!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a\nError: forged", @"a\u000aError: forged")]
    [InlineData("a\u001b[31mred", @"a\u001b[31mred")]
    [InlineData("a\u202etxt.exe", @"a\u202etxt.exe")]
    [InlineData("-rf *", "-rf *")]
    public void A_name_cannot_forge_output(string name, string shown)
    {
        _root.Write("/var/lib/waagent/" + name, "x");
        var finding = Assert.Single(_root.Check());
        Assert.Equal("/var/lib/waagent/" + shown, finding.File);
        Assert.DoesNotContain(finding.ToString(), char.IsControl);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_not_passed_over()
    {
        Assert.SkipUnless(Toolbox.Has("sh"), Toolbox.Missing("sh"));
        _root.AddFolder("/tmp");
        // .NET can neither write nor remove such a name.
        InShell("printf x >\"$1/$(printf 'bad\\377')\"");
        InShell("mkdir \"$1/$(printf 'f\\376')\"; printf x >\"$1/$(printf 'f\\376')/\u00e9$(printf '\\303')\"");
        var findings = _root.Check();
        InShell("rm -r \"$1\"");
        Assert.Equal([("TempFiles", @"/tmp/bad\udcff"), ("TempFiles", "/tmp/f\\udcfe/\u00e9\\udcc3")], findings.Select(f => (f.RuleId, f.File!)).Order());

        void InShell(string command)
        {
            using var shell = Process.Start("sh", ["-c", command, "sh", _root["/tmp"]]);
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }
    }

    [Fact]
    public void User_names_that_are_paths_or_patterns_lead_nowhere()
    {
        foreach (var name in (string[])["../../etc", "*", "root", "", "a b", "-rf"])
        {
            _root.Write("/var/lib/waagent/ovf-env.xml", $"<UserName>{name}</UserName>");
            Assert.Equal("AgentEnvironment", Assert.Single(_root.Check()).RuleId);
        }
        _root.Write("/etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n");
        _root.Write("/var/lib/waagent/ovf-env.xml", "<UserName>toor</UserName>");
        Assert.Equal("AgentEnvironment", Assert.Single(_root.Check()).RuleId);
    }

    [Fact]
    public void Of_one_kind_only_so_many_are_written_and_the_rest_is_counted()
    {
        for (var i = 0; i < 25; i++)
        {
            _root.Write(FormattableString.Invariant($"/var/lib/dhcp/{i:00}.leases"), "x");
        }
        var findings = _root.Check();
        Assert.Equal(ResidueReport.Most + 1, findings.Count);
        Assert.Equal("/var/lib/dhcp/00.leases", findings[0].File);
        Assert.StartsWith("5 more", findings[^1].Message, StringComparison.Ordinal);
        Assert.Null(findings[^1].File);
    }

    [Fact]
    public void A_folder_with_millions_of_names_is_looked_at_up_to_a_limit()
    {
        var files = new EndlessFiles(_root.Files, "/tmp");
        var findings = LinuxResidue.Check(files, new GeneralizationPolicy(), TestContext.Current.CancellationToken);

        Assert.InRange(files.Given, LinuxTree.MostNames, 3 * (LinuxTree.MostNames + 1));
        Assert.Contains(findings, f => f.RuleId == "TempFiles" && f.Message.StartsWith("1999980 more", StringComparison.Ordinal));
        Assert.Contains(findings, f => f is { RuleId: "NotLookedAt", Severity: Severity.Warning, File: "/tmp" });
    }

    [Fact]
    public void What_may_not_be_read_is_told_and_not_taken_for_clean()
    {
        _root.Write("/var/lib/waagent/provisioned", "x");
        var findings = LinuxResidue.Check(new DeniedFiles(_root.Files, ["/var/lib/waagent", "/etc/shadow"]), new GeneralizationPolicy(), TestContext.Current.CancellationToken);
        Assert.Equal(["/etc/shadow", "/var/lib/waagent"], findings.Select(f => f.File!).Order(StringComparer.Ordinal));
        Assert.All(findings, f => Assert.Equal(("NotLookedAt", Severity.Warning), (f.RuleId, f.Severity)));
    }

    [Fact]
    public void A_file_that_is_far_too_long_is_not_read()
    {
        using (var file = new FileStream(_root["/etc/hosts"], FileMode.Open))
        {
            file.SetLength(10L * 1024 * 1024 * 1024);
        }
        var counted = new CountedFiles(_root.Files);
        Assert.Equal("/etc/hosts", Assert.Single(LinuxResidue.Check(counted, new GeneralizationPolicy(), TestContext.Current.CancellationToken)).File);
        Assert.DoesNotContain("/etc/hosts", counted.Opened);
    }

    [Fact]
    public void Files_of_the_kernel_have_text_although_they_have_no_length()
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "There is no /proc on this machine.");
        Assert.Contains("Name:", new RootedFiles("/").ReadText("/proc/self/status"), StringComparison.Ordinal);
        _root.Write("/etc/hosts", "");
        Assert.Equal("", _root.Files.ReadText("/etc/hosts"));
    }

    private sealed class EndlessFiles(ILinuxFiles files, string folder) : ILinuxFiles
    {
        public int Given { get; private set; }

        public LinuxFile? Find(string path) => path == folder ? new LinuxFile(MachineFileKind.Folder, 0)
            : path.StartsWith(folder + "/n", StringComparison.Ordinal) ? new LinuxFile(MachineFileKind.File, 1)
            : files.Find(path);

        public IEnumerable<string> NamesIn(string at) => at == folder ? Names() : files.NamesIn(at);

        public string? TargetOf(string link) => files.TargetOf(link);

        public string ReadText(string path) => files.ReadText(path);

        private IEnumerable<string> Names()
        {
            for (var i = 0; i < 2_100_000; i++)
            {
                Given++;
                yield return FormattableString.Invariant($"n{i}");
            }
        }
    }

    // As the system denies it to all but root, which the tests may be.
    private sealed class DeniedFiles(ILinuxFiles files, string[] denied) : ILinuxFiles
    {
        public LinuxFile? Find(string path) => denied.Any(d => path.StartsWith(d + "/", StringComparison.Ordinal)) ? throw Denied(path) : files.Find(path);

        public IEnumerable<string> NamesIn(string folder) => denied.Contains(folder) ? throw Denied(folder) : files.NamesIn(folder);

        public string? TargetOf(string link) => files.TargetOf(link);

        public string ReadText(string path) => denied.Contains(path) ? throw Denied(path) : files.ReadText(path);

        private static AibException Denied(string path) => new(ErrorId.ReadFailed, "Permission denied", "", path);
    }
}
