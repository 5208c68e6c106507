using System.Management.Automation;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Offline;

namespace AibDeprovision.Tests.Commands;

/// <summary>Get- and Test-AibSysprepState -Root: they read a mounted image on every system.</summary>
public sealed class MountedImageStateTests : IDisposable
{
    private readonly EngineSession _engine = new();
    private readonly ScratchFolder _scratch = new();

    public MountedImageStateTests() => HiveImage.WriteEmptyWindows(_scratch["image"]);

    public void Dispose()
    {
        _engine.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Hives_that_say_nothing_give_a_state_that_is_not_sealed()
    {
        var state = Assert.Single(_engine.Run("Get-AibSysprepState -Root $args[0]", _scratch["image"]).Objects<SysprepState>());
        Assert.Equal((null, null, null, false, false, _scratch["image"]), (state.ImageState, state.StateFile, state.GeneralizationState, state.HasSuccessTag, state.IsSealed, state.Root));
        Assert.False(Assert.Single(_engine.Run("Test-AibSysprepState -Root $args[0]", _scratch["image"]).Objects<bool>()));
    }

    [Fact]
    public void A_generalized_image_is_recognised()
    {
        Seal();
        var state = Assert.Single(_engine.Run("Get-AibSysprepState $args[0]", _scratch["image"]).Objects<SysprepState>());
        Assert.Equal((ImageStates.GeneralizedToOobe, ImageStates.GeneralizedToOobe, 7, 2, true, true), (state.ImageState, state.StateFile, state.GeneralizationState, state.CleanupState, state.HasSuccessTag, state.IsSealed));
        Assert.Equal((2, @"oobe\windeploy.exe", true), (state.SetupType, state.CmdLine, state.IsNextStartArmed));
        Assert.Equal("[0x0f0082] SYSPRP the cause", state.LastError);
        Assert.True(Assert.Single(_engine.Run("Test-AibSysprepState -Root $args[0]", _scratch["image"]).Objects<bool>()));
        Assert.False(Assert.Single(_engine.Run("Test-AibSysprepState IMAGE_STATE_COMPLETE -Root $args[0]", _scratch["image"]).Objects<bool>()));
    }

    [Fact]
    public void A_hive_that_was_not_closed_cleanly_is_read_as_it_is_and_warned_of()
    {
        Seal();
        var hives = new[] { "SOFTWARE", "SYSTEM" }.Select(name => _scratch["image", "Windows", "System32", "config", name]).ToArray();
        foreach (var hive in hives)
        {
            var bytes = File.ReadAllBytes(hive);
            HiveImage.Put(bytes, 4, BitConverter.ToUInt32(bytes, 8) + 1);
            HiveImage.Seal(bytes);
            File.WriteAllBytes(hive, bytes);
        }
        Warns("(Get-AibSysprepState $args[0]).IsSealed", hives);
        Warns("Test-AibGeneralization $args[0] -Quiet", hives);
        // It asks for the image state, and that is not in SYSTEM.
        Warns("Test-AibSysprepState -Root $args[0]", hives[0]);
    }

    [Fact]
    public void The_question_for_the_image_state_reads_nothing_else()
    {
        Seal();
        File.WriteAllText(_scratch["image", "Windows", "System32", "config", "SYSTEM"], "no hive");
        var log = _scratch["image", "Windows", "System32", "Sysprep", "Panther", "setuperr.log"];
        File.Delete(log);
        File.CreateSymbolicLink(log, "nowhere");
        var result = _engine.Run("Test-AibSysprepState -Root $args[0]", _scratch["image"]);
        Assert.Empty(result.Errors);
        Assert.True(Assert.Single(result.Objects<bool>()));
    }

    [Fact]
    public void Images_come_from_the_pipeline_and_a_bad_one_does_not_lose_the_others()
    {
        var item = new PSObject();
        item.Properties.Add(new PSNoteProperty("PSPath", "Microsoft.PowerShell.Core\\FileSystem::" + _scratch["image"]));
        var result = _engine.Run("$args[0], $args[1], $args[2] | Get-AibSysprepState", _scratch["image"], _scratch["none"], item);
        Assert.Equal([_scratch["image"], _scratch["image"]], result.Output.Select(o => ((SysprepState)o.BaseObject).Root));
        NewAibDeprovisionScriptTests.AssertError(result.Error, "FolderNotFound");
        Assert.Equal([false, false], _engine.Run("$args[0], $args[1] | Test-AibSysprepState", _scratch["image"], item).Objects<bool>());
    }

    [Fact]
    public void A_relative_root_is_meant_from_where_PowerShell_stands() => Assert.Equal(_scratch["image"], Assert.Single(
        _engine.Run("$ExecutionContext.SessionState.Path.SetLocation($args[0]) | Out-Null; (Get-AibSysprepState ./image).Root", _scratch.Path).Objects<string>()));

    [Theory]
    [InlineData("none", "FolderNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("empty", "NotAWindowsImage", ErrorCategory.InvalidArgument)]
    [InlineData("damaged", "CorruptHive", ErrorCategory.InvalidData)]
    public void What_is_no_image_is_one_error(string folder, string id, ErrorCategory category)
    {
        Directory.CreateDirectory(_scratch["empty"]);
        HiveImage.WriteEmptyWindows(_scratch["damaged"]);
        File.WriteAllText(_scratch["damaged", "Windows", "System32", "config", "SOFTWARE"], "no hive");
        foreach (var cmdlet in new[] { "Get", "Test" })
        {
            var result = _engine.Run($"{cmdlet}-AibSysprepState -Root $args[0]", _scratch[folder]);
            Assert.Empty(result.Output);
            NewAibDeprovisionScriptTests.AssertError(result.Error, id);
            Assert.Equal((category, $"{id},AibDeprovision.Commands.{cmdlet}AibSysprepStateCommand"), (result.Error.CategoryInfo.Category, result.Error.FullyQualifiedErrorId));
        }
    }

    [Fact]
    public void A_path_outside_the_file_system_is_an_error() =>
        NewAibDeprovisionScriptTests.AssertError(_engine.Run("Get-AibSysprepState -Root Function:/x").Error, "NotAFileSystemPath");

    private void Warns(string script, params string[] hives)
    {
        var result = _engine.Run(script, _scratch["image"]);
        Assert.Equal(["True"], result.Output.Select(answer => answer.ToString()));
        Assert.Equal(hives.Length, result.Warnings.Count);
        Assert.All(hives, hive => Assert.Contains(result.Warnings, warning => warning.Contains(hive, StringComparison.Ordinal) && warning.Contains("shut down cleanly", StringComparison.Ordinal)));
    }

    private void Seal()
    {
        Hivex.SkipWhereMissing();
        var windows = _scratch["image", "Windows"];
        Hivex.Merge(Path.Combine(windows, "System32", "config", "SOFTWARE"), $"""
            [\Microsoft]

            [\Microsoft\Windows]

            [\Microsoft\Windows\CurrentVersion]

            [\Microsoft\Windows\CurrentVersion\Setup]

            [\Microsoft\Windows\CurrentVersion\Setup\State]
            "ImageState"="{ImageStates.GeneralizedToOobe}"

            """);
        Hivex.Merge(Path.Combine(windows, "System32", "config", "SYSTEM"), """
            [\Setup]
            "SetupType"=dword:00000002
            "CmdLine"="oobe\\windeploy.exe"

            [\Setup\Status]

            [\Setup\Status\SysprepStatus]
            "GeneralizationState"=dword:00000007
            "CleanupState"=dword:00000002

            """);
        Directory.CreateDirectory(Path.Combine(windows, "System32", "Sysprep", "Panther"));
        File.WriteAllText(Path.Combine(windows, "System32", "Sysprep", "Panther", "setuperr.log"), "2026-01-15 09:00:00, Error      [0x0f0082] SYSPRP the cause\r\n");
        File.WriteAllText(Path.Combine(windows, "System32", "Sysprep", "Sysprep_succeeded.tag"), "");
        Directory.CreateDirectory(Path.Combine(windows, "Setup", "State"));
        File.WriteAllText(Path.Combine(windows, "Setup", "State", "State.ini"), $"[State]\r\nImageState={ImageStates.GeneralizedToOobe}\r\n");
    }
}
