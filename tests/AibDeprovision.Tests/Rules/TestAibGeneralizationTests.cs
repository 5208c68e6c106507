using System.Diagnostics;
using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Offline;

namespace AibDeprovision.Tests.Rules;

/// <summary>Test-AibGeneralization in the real engine.</summary>
public sealed class TestAibGeneralizationTests : IDisposable
{
    private const string Class = "AibDeprovision.Commands.TestAibGeneralizationCommand";

    private readonly EngineSession _engine = new();
    private readonly LinuxRoot _root = new();

    public void Dispose()
    {
        _engine.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void It_writes_findings_and_nothing_when_all_is_well()
    {
        Assert.Empty(_engine.Run("Test-AibGeneralization -Root $args[0]", _root.Folder).Objects<Finding>());
        _root.Write("/etc/shadow-", "x");
        _root.Write("/root/.bash_history", "x");
        Assert.Equal(["AccountBackups", "Histories"], _engine.Run("Test-AibGeneralization $args[0]", _root.Folder).Objects<Finding>().Select(f => f.RuleId));
    }

    [Fact]
    public void Quiet_is_true_when_neither_warning_nor_error_is_left()
    {
        _root.Write("/etc/resolv.conf", "nameserver 1.2.3.4\n");
        Assert.Equal([true], _engine.Run("Test-AibGeneralization -Root $args[0] -Quiet", _root.Folder).Objects<bool>());
        _root.Write("/root/.bash_history", "x");
        Assert.Equal([false], _engine.Run("Test-AibGeneralization -Root $args[0] -Quiet", _root.Folder).Objects<bool>());
        Assert.Equal([true], _engine.Run("Test-AibGeneralization -Root $args[0] -Quiet -Keep History, Logs", _root.Folder).Objects<bool>());
    }

    [Fact]
    public void The_user_is_found_by_name_and_may_be_kept()
    {
        _root.Write("/home/builder/x", "x");
        Assert.Equal(Severity.Error, Assert.Single(_engine.Run("Test-AibGeneralization -Root $args[0] -User builder", _root.Folder).Objects<Finding>()).Severity);
        Assert.Equal(Severity.Information, Assert.Single(_engine.Run("Test-AibGeneralization -Root $args[0] -User builder -KeepUser", _root.Folder).Objects<Finding>()).Severity);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("../etc")]
    [InlineData("a*")]
    public void A_user_that_cannot_be_meant_is_refused(string user)
    {
        var error = _engine.Run("Test-AibGeneralization -Root $args[0] -User $args[1]", _root.Folder, user).Error;
        Assert.Equal("InvalidOptionValue," + Class, error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }

    [Fact]
    public void Several_roots_come_from_the_pipeline_and_one_that_is_none_does_not_stop_the_others()
    {
        using var empty = new ScratchFolder();
        _root.Write("/etc/shadow-", "x");
        var result = _engine.Run("$args[0], $args[1], $args[2], $args[0] | Test-AibGeneralization", _root.Folder, empty.Path, empty["none"]);
        Assert.Equal(2, result.Output.Count);
        Assert.Equal(["NotASystemImage," + Class, "FolderNotFound," + Class], result.Errors.Select(e => e.FullyQualifiedErrorId));
        Assert.Equal(ErrorCategory.InvalidArgument, result.Errors[0].CategoryInfo.Category);
    }

    [Fact]
    public void A_Windows_image_is_known_by_its_configuration_even_with_an_etc_folder()
    {
        _root.AddFolder("/Windows/System32/config");
        foreach (var hive in (string[])["SOFTWARE", "SYSTEM"])
        {
            File.WriteAllBytes(_root["/Windows/System32/config/" + hive], new HiveImage().ToBytes());
        }
        string[] rules = ["ImageState", "SuccessTagMissing"];
        Assert.Equal(rules, _engine.Run("Test-AibGeneralization -Root $args[0]", _root.Folder).Objects<Finding>().Select(f => f.RuleId));

        Directory.Move(_root["/Windows"], _root["/WINDOWS"]);
        Directory.Delete(_root["/etc"], recursive: true);
        Assert.Equal(rules, _engine.Run("Test-AibGeneralization -Root $args[0]", _root.Folder).Objects<Finding>().Select(f => f.RuleId));
    }

    [Fact]
    public void Without_a_root_it_is_this_machine()
    {
        _engine.Machine.WithFiles = () => _root.Files;
        _root.Write("/etc/shadow-", "x");
        Assert.Equal("AccountBackups", Assert.Single(_engine.Run("Test-AibGeneralization").Objects<Finding>()).RuleId);

        _engine.Machine.OnWindows = () => new SimulatedMachine(new SimulatedVm());
        Assert.Contains("ImageState", _engine.Run("Test-AibGeneralization").Objects<Finding>().Select(f => f.RuleId));
    }

    [Fact]
    public void On_another_system_a_root_is_needed()
    {
        var error = _engine.Run("Test-AibGeneralization").Error;
        Assert.Equal("PlatformNotSupported," + Class, error.FullyQualifiedErrorId);
        Assert.Contains("-Root", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Twenty_thousand_files_are_no_matter()
    {
        for (var i = 0; i < 20_000; i++)
        {
            _root.Write(FormattableString.Invariant($"/usr/share/{i % 200}/{i}"), "");
        }
        var watch = Stopwatch.StartNew();
        Assert.Empty(_engine.Run("Test-AibGeneralization -Root $args[0]", _root.Folder).Objects<Finding>());
        TestContext.Current.SendDiagnosticMessage($"A root of 20,000 files took {watch.ElapsedMilliseconds} ms.");
    }
}
