using System.Management.Automation;
using System.Runtime.Versioning;
using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Install-AibDeprovisionScript in the real engine, below a root of the test's own.</summary>
public sealed class InstallAibDeprovisionScriptTests : IDisposable
{
    private readonly EngineSession _engine = new();
    private readonly ScratchFolder _root = new();

    public InstallAibDeprovisionScriptTests() => Directory.CreateDirectory(_root["tmp"]);

    public void Dispose()
    {
        _engine.Dispose();
        _root.Dispose();
    }

    private string WindowsTarget => _root["DeprovisioningScript.ps1"];

    private string LinuxTarget => _root["tmp", "DeprovisioningScript.sh"];

    [Fact]
    public void Puts_each_script_at_the_exact_path_below_the_root()
    {
        Assert.Empty(Install("'Windows', 'Linux' | New-AibDeprovisionScript").Objects<FileInfo>());

        Assert.Equal(["DeprovisioningScript.ps1", "tmp", "tmp/DeprovisioningScript.sh"], _root.Entries.Select(e => e.Replace('\\', '/')));
        Assert.Equal(ScriptGenerator.Generate(new DeprovisionPlan()).GetBytes(), File.ReadAllBytes(WindowsTarget));
        Assert.Equal(ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Linux }).GetBytes(), File.ReadAllBytes(LinuxTarget));
    }

    [Fact]
    public void PassThru_gives_the_installed_files()
    {
        var files = Install("'Windows', 'Linux' | New-AibDeprovisionScript", "-PassThru").Objects<FileInfo>();
        Assert.Equal([WindowsTarget, LinuxTarget], files.Select(f => f.FullName));
    }

    [Fact]
    public void The_Linux_script_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no mode bits.");
        Install("New-AibDeprovisionScript Linux");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(LinuxTarget));
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        File.WriteAllText(WindowsTarget, "mine");
        Assert.Empty(Install("'Windows', 'Linux' | New-AibDeprovisionScript", "-WhatIf -Backup -PassThru").Objects<FileInfo>());

        Assert.Equal(["DeprovisioningScript.ps1", "tmp"], _root.Entries);
        Assert.Equal("mine", File.ReadAllText(WindowsTarget));
    }

    [Fact]
    public void A_link_planted_at_the_target_is_replaced_and_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var victim = _root["victim"];
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(LinuxTarget, victim);

        Install("New-AibDeprovisionScript Linux");

        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Null(new FileInfo(LinuxTarget).LinkTarget);
        Assert.StartsWith("#!/bin/sh", File.ReadAllText(LinuxTarget), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_on_the_way_below_the_root_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var outside = new ScratchFolder();
        Directory.Delete(_root["tmp"]);
        Directory.CreateSymbolicLink(_root["tmp"], outside.Path);

        var error = Install("New-AibDeprovisionScript Linux").Error;

        NewAibDeprovisionScriptTests.AssertError(error, "LinkInPath");
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Empty(outside.Entries);
    }

    [Fact]
    public void Backup_keeps_what_stood_there_a_link_as_a_link()
    {
        File.WriteAllText(WindowsTarget, "first");
        var verbose = Install("New-AibDeprovisionScript Windows", "-Backup -Verbose").Verbose;
        Assert.Contains(verbose, v => v.Contains(WindowsTarget + ".bak", StringComparison.Ordinal));
        File.WriteAllText(WindowsTarget, "second");
        Install("New-AibDeprovisionScript Windows", "-Backup");

        Assert.Equal("first", File.ReadAllText(WindowsTarget + ".bak"));
        Assert.Equal("second", File.ReadAllText(WindowsTarget + ".bak2"));

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(LinuxTarget, "/nowhere/at/all");
        Install("New-AibDeprovisionScript Linux", "-Backup");
        Assert.Equal("/nowhere/at/all", new FileInfo(LinuxTarget + ".bak").LinkTarget);
    }

    [Fact]
    public void A_failed_install_with_backup_leaves_what_stood_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a Linux limit.");
        // Writing fails after the old file has been set aside: the new file's own name is one character too long.
        var old = ScriptGenerator.Generate(new DeprovisionPlan());
        var longName = _root[new string('n', 250)];
        File.WriteAllText(longName, "mine");

        Assert.Throws<AibException>(() => ScriptInstaller.Install(old, longName, backup: true));
        Assert.Equal("mine", File.ReadAllText(longName));
    }

    [Fact]
    public void The_script_of_another_system_needs_a_root()
    {
        var other = Host.Platform == DeprovisionPlatform.Windows ? "Linux" : "Windows";
        var error = _engine.Run($"New-AibDeprovisionScript {other} | Install-AibDeprovisionScript").Error;

        NewAibDeprovisionScriptTests.AssertError(error, "WrongPlatform");
        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
    }

    [Fact]
    public void Without_root_the_exact_path_of_this_machine_is_meant()
    {
        Assert.SkipUnless(Host.Platform is not null, "Neither Windows nor Linux.");
        var script = ScriptGenerator.Generate(new DeprovisionPlan { Platform = Host.Platform.Value });
        Assert.Equal(DeprovisionPlan.TargetPathOf(Host.Platform.Value), ScriptInstaller.DestinationOf(script, root: null));
    }

    [Fact]
    public void A_root_that_is_not_there_and_a_missing_tmp_are_errors()
    {
        NewAibDeprovisionScriptTests.AssertError(_engine.Run($"New-AibDeprovisionScript Linux | Install-AibDeprovisionScript -Root '{_root["none"]}'").Error, "FolderNotFound");
        Directory.Delete(_root["tmp"]);
        NewAibDeprovisionScriptTests.AssertError(Install("New-AibDeprovisionScript Linux").Error, "FolderNotFound");
        Assert.Empty(_root.Entries);
    }

    [Fact]
    public void One_that_cannot_be_installed_does_not_lose_the_others()
    {
        Directory.CreateDirectory(WindowsTarget);
        var result = Install("'Windows', 'Linux' | New-AibDeprovisionScript", "-PassThru");

        NewAibDeprovisionScriptTests.AssertError(result.Error, "WriteFailed");
        Assert.Equal(LinuxTarget, ((FileInfo)Assert.Single(result.Output).BaseObject).FullName);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Access_that_is_refused_says_so()
    {
        File.SetUnixFileMode(_root["tmp"], UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var error = Nobody.Run("New-AibDeprovisionScript Linux | Install-AibDeprovisionScript -Root $args[0]", _root.Path).Error;
        File.SetUnixFileMode(_root["tmp"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        NewAibDeprovisionScriptTests.AssertError(error, "AccessDenied");
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
    }

    [Fact]
    public void A_read_only_file_system_says_that_access_was_refused_or_writing_failed()
    {
        Assert.SkipUnless(Directory.Exists("/proc/sys"), "There is no /proc here.");
        var error = Assert.Throws<AibException>(() => AtomicFile.Write("/proc/sys/aib-test", [1], overwrite: true));
        Assert.Contains(error.Id, new[] { ErrorId.AccessDenied, ErrorId.WriteFailed });
    }

    private EngineResult Install(string scripts, string options = "") =>
        _engine.Run($"{scripts} | Install-AibDeprovisionScript -Root '{_root.Path}' {options}");
}
