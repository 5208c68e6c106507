using System.Management.Automation;
using AibDeprovision.Machine;
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
        Assert.Equal((ImageStates.GeneralizedToOobe, ImageStates.GeneralizedToOobe, 7, true, true), (state.ImageState, state.StateFile, state.GeneralizationState, state.HasSuccessTag, state.IsSealed));
        Assert.True(Assert.Single(_engine.Run("Test-AibSysprepState -Root $args[0]", _scratch["image"]).Objects<bool>()));
        Assert.False(Assert.Single(_engine.Run("Test-AibSysprepState IMAGE_STATE_COMPLETE -Root $args[0]", _scratch["image"]).Objects<bool>()));
    }

    [Fact]
    public void A_hive_that_was_not_closed_cleanly_is_read_as_it_is()
    {
        Seal();
        var hive = _scratch["image", "Windows", "System32", "config", "SOFTWARE"];
        var bytes = File.ReadAllBytes(hive);
        HiveImage.Put(bytes, 4, BitConverter.ToUInt32(bytes, 8) + 1);
        HiveImage.Seal(bytes);
        File.WriteAllBytes(hive, bytes);
        Assert.True(Assert.Single(_engine.Run("(Get-AibSysprepState $args[0]).IsSealed", _scratch["image"]).Objects<bool>()));
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

            [\Setup\Status]

            [\Setup\Status\SysprepStatus]
            "GeneralizationState"=dword:00000007

            """);
        Directory.CreateDirectory(Path.Combine(windows, "System32", "Sysprep"));
        File.WriteAllText(Path.Combine(windows, "System32", "Sysprep", "Sysprep_succeeded.tag"), "");
        Directory.CreateDirectory(Path.Combine(windows, "Setup", "State"));
        File.WriteAllText(Path.Combine(windows, "Setup", "State", "State.ini"), $"[State]\r\nImageState={ImageStates.GeneralizedToOobe}\r\n");
    }
}
