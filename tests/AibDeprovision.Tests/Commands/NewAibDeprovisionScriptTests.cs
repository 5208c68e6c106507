using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>New-AibDeprovisionScript as it is typed, in the real engine.</summary>
public sealed class NewAibDeprovisionScriptTests : IDisposable
{
    private const string Class = "AibDeprovision.Commands.NewAibDeprovisionScriptCommand";
    private readonly EngineSession _engine = new();
    private readonly ScratchFolder _scratch = new();

    public void Dispose()
    {
        _engine.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Writes_a_hardened_script_by_default()
    {
        var script = Assert.Single(_engine.Run("New-AibDeprovisionScript Windows").Objects<DeprovisionScript>());

        Assert.Equal(DeprovisionProfile.Hardened, script.Profile);
        Assert.Equal(@"C:\DeprovisioningScript.ps1", script.TargetPath);
        Assert.Equal(ScriptGenerator.Generate(new DeprovisionPlan()).Content, script.Content);
    }

    [Theory]
    [InlineData("Windows", @"C:\ReadinessScript.ps1", "ReadinessScript.ps1")]
    [InlineData("Linux", "/tmp/ReadinessScript.sh", "ReadinessScript.sh")]
    public void A_script_that_only_checks_has_nothing_that_generalizes_and_a_name_of_its_own(string platform, string target, string file)
    {
        var script = Assert.Single(_engine.Run("New-AibDeprovisionScript $args[0] -ReadinessOnly -Path $args[1]", platform, _scratch.Path).Objects<DeprovisionScript>());
        Assert.Equal((target, true), (script.TargetPath, script.Plan.ReadinessOnly));
        Assert.Equal(script.Content, File.ReadAllText(_scratch[file]));
        Assert.DoesNotMatch("(?i)/generalize|Start-Process|Remove-Item|Move-Item|Set-ItemProperty|-force -deprovision|userdel|systemctl stop", script.Content);
        Assert.Contains("looks whether the machine can be generalized, and changes nothing; exit code 12", script.Plan.ToString(), StringComparison.Ordinal);
        Assert.Equal("InvalidOptionValue,AibDeprovision.Commands.InstallAibDeprovisionScriptCommand",
            _engine.Run("New-AibDeprovisionScript $args[0] -ReadinessOnly | Install-AibDeprovisionScript -Root $args[1]", platform, _scratch.Path).Error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("Windows", "-ModeVm", "OptionNotForProfile")]
    [InlineData("Windows", "-Deadline 5m", "OptionNotForProfile")]
    [InlineData("Linux", "-Keep Logs", "OptionNotForProfile")]
    [InlineData("Linux", "-Strict", "OptionNotForPlatform")]
    [InlineData("Windows", "-Profile Generic", "OptionNotForProfile")]
    public void A_script_that_only_checks_has_none_of_the_other_options(string platform, string option, string error) =>
        Assert.Equal($"{error},{Class}", _engine.Run($"New-AibDeprovisionScript {platform} -ReadinessOnly {option}").Error.FullyQualifiedErrorId);

    [Fact]
    public void Takes_platforms_from_the_pipeline_by_value_and_by_property()
    {
        var scripts = _engine.Run("'Windows', 'Linux' | New-AibDeprovisionScript; 'Linux' | New-AibDeprovisionScript | New-AibDeprovisionScript -KeepUser").Objects<DeprovisionScript>();

        Assert.Equal([DeprovisionPlatform.Windows, DeprovisionPlatform.Linux, DeprovisionPlatform.Linux], scripts.Select(s => s.Platform));
        Assert.Equal("/tmp/DeprovisioningScript.sh", scripts[1].TargetPath);
        Assert.True(scripts[2].Plan.KeepUser);
    }

    [Fact]
    public void Every_option_reaches_the_plan()
    {
        var windows = Assert.Single(_engine.Run("""
            New-AibDeprovisionScript Windows -ModeVm -Strict -NoTrace -RequiredService A, B, a -OptionalService @() -ServiceTimeout 30 -SysprepTimeout 1h30m -Deadline 02:00:00 `
                -RemoveSysprepProvider VMAgentDisabler.dll -BeforeScript "'b'" -AfterScript "'a'"
            """).Objects<DeprovisionScript>()).Plan;
        Assert.True(windows.ModeVm);
        Assert.True(windows.Strict);
        Assert.True(windows.NoTrace);
        Assert.Contains("leaves no trace of the seal", windows.ToString().Split('\n'));
        Assert.Equal(["A", "B"], windows.RequiredServices);
        Assert.Empty(windows.OptionalServices);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(90), TimeSpan.FromHours(2)), (windows.ServiceTimeout, windows.SysprepTimeout, windows.Deadline));
        Assert.Equal(["VMAgentDisabler.dll"], windows.RemoveSysprepProviders);
        Assert.Equal(("'b'", "'a'"), (windows.BeforeScript, windows.AfterScript));

        var linux = Assert.Single(_engine.Run("New-AibDeprovisionScript -Platform Linux -NoTrace -KeepUser -Keep MachineId, RootSshKeys").Objects<DeprovisionScript>()).Plan;
        Assert.True(linux.KeepUser);
        Assert.True(linux.NoTrace);
        Assert.Equal(ResidueKinds.MachineId | ResidueKinds.RootSshKeys, linux.Keep);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("'1H30M5S'", 5405)]
    [InlineData("'00:20'", 1200)]
    [InlineData("([timespan]'00:01:00')", 60)]
    [InlineData("45.0", 45)]
    public void A_time_is_given_as_people_think_of_it(string given, int seconds)
    {
        var script = Assert.Single(_engine.Run($"New-AibDeprovisionScript Windows -Deadline {given}").Objects<DeprovisionScript>());
        Assert.Equal(TimeSpan.FromSeconds(seconds), script.Plan.Deadline);
    }

    [Theory]
    [InlineData("-Deadline soon")]
    [InlineData("-Deadline ''")]
    [InlineData("-Deadline 15x")]
    [InlineData("-Deadline ([double]::NaN)")]
    [InlineData("-Deadline 1e30")]
    [InlineData("-Deadline -5")]
    [InlineData("-Deadline 1.5")]
    [InlineData("-Deadline (Get-Command New-AibDeprovisionScript)")]
    public void What_is_no_time_is_refused_by_the_binder(string option)
    {
        var result = _engine.Run($"New-AibDeprovisionScript Windows {option}");
        Assert.Empty(result.Output);
        Assert.Equal("CannotConvertArgumentNoMessage,New-AibDeprovisionScript", IdOf(result.Error).Replace(Class, "New-AibDeprovisionScript", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Windows -Deadline 0", "InvalidOptionValue")]
    [InlineData("Windows -ServiceTimeout ([timespan]'-00:00:05')", "InvalidOptionValue")]
    [InlineData("Windows -SysprepTimeout 17h", "InvalidOptionValue")]
    [InlineData("Windows -RequiredService 'Rd*'", "InvalidOptionValue")]
    [InlineData("Windows -RequiredService 'a\\b'", "InvalidOptionValue")]
    [InlineData("Windows -RequiredService ''", "InvalidOptionValue")]
    [InlineData("Windows -OptionalService \"a`nb\"", "InvalidOptionValue")]
    [InlineData("Windows -RemoveSysprepProvider 'C:\\x.dll'", "InvalidOptionValue")]
    [InlineData("Windows -RemoveSysprepProvider 'x.exe'", "InvalidOptionValue")]
    [InlineData("Windows -BeforeScript \"a`0b\"", "InvalidOptionValue")]
    [InlineData("Linux -AfterScript ([string][char]0xD800)", "InvalidOptionValue")]
    [InlineData("Linux -ModeVm", "OptionNotForPlatform")]
    [InlineData("Linux -Strict", "OptionNotForPlatform")]
    [InlineData("Linux -RequiredService X", "OptionNotForPlatform")]
    [InlineData("Linux -SysprepTimeout 5m", "OptionNotForPlatform")]
    [InlineData("Windows -KeepUser", "OptionNotForPlatform")]
    [InlineData("Windows -Keep Logs", "OptionNotForPlatform")]
    [InlineData("Windows -Profile Generic -ModeVm", "OptionNotForProfile")]
    [InlineData("Windows -Profile Generic -Strict", "OptionNotForProfile")]
    [InlineData("Windows -GenericVersion windows-2", "OptionNotForProfile")]
    [InlineData("Windows -Profile Generic -GenericVersion linux-2", "UnknownGenericVersion")]
    [InlineData("Windows -Profile Generic -GenericVersion windows-9", "UnknownGenericVersion")]
    public void What_cannot_be_done_is_one_error_and_no_script(string arguments, string id)
    {
        var result = _engine.Run($"New-AibDeprovisionScript {arguments} -Path '{_scratch["x"]}'");

        Assert.Empty(result.Output);
        Assert.Null(result.Terminating);
        AssertError(result.Error, id);
        Assert.Equal(ErrorCategory.InvalidArgument, result.Error.CategoryInfo.Category);
        Assert.Empty(_scratch.Entries);
    }

    [Fact]
    public void One_bad_item_does_not_lose_the_others()
    {
        var result = _engine.Run("'Linux', 'Windows' | New-AibDeprovisionScript -ModeVm");

        Assert.Equal(DeprovisionPlatform.Windows, ((DeprovisionScript)Assert.Single(result.Output).BaseObject).Platform);
        AssertError(result.Error, "OptionNotForPlatform");
    }

    [Fact]
    public void Path_writes_exactly_the_content()
    {
        var script = Assert.Single(_engine.Run($"New-AibDeprovisionScript Windows -Path '{_scratch["my [1].ps1"]}'").Objects<DeprovisionScript>());

        Assert.Equal(script.GetBytes(), File.ReadAllBytes(_scratch["my [1].ps1"]));
        Assert.Equal(["my [1].ps1"], _scratch.Entries);
    }

    [Fact]
    public void A_folder_as_path_gets_each_script_under_its_own_name()
    {
        _engine.Run($"'Windows', 'Linux' | New-AibDeprovisionScript -Path '{_scratch.Path}'").Objects<DeprovisionScript>();
        Assert.Equal(["DeprovisioningScript.ps1", "DeprovisioningScript.sh"], _scratch.Entries);
    }

    [Fact]
    public void A_relative_path_is_meant_from_where_PowerShell_stands()
    {
        _engine.Run($"New-Module {{}} | Out-Null; $ExecutionContext.SessionState.Path.SetLocation('{_scratch.Path}') | Out-Null; New-AibDeprovisionScript Linux -Path d.sh").Objects<DeprovisionScript>();
        Assert.Equal(["d.sh"], _scratch.Entries);
    }

    [Fact]
    public void WhatIf_gives_the_script_and_writes_nothing()
    {
        var file = _scratch["d.ps1"];
        File.WriteAllText(file, "mine");
        foreach (var place in new[] { file, _scratch["new", "d.ps1"] })
        {
            Assert.Single(_engine.Run($"New-AibDeprovisionScript Windows -Path '{place}' -Force -WhatIf").Objects<DeprovisionScript>());
        }
        Assert.Equal(["d.ps1"], _scratch.Entries);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void NoClobber_leaves_what_is_there_and_without_it_the_file_is_replaced()
    {
        var file = _scratch["d.ps1"];
        File.WriteAllText(file, "mine");

        var refused = _engine.Run($"New-AibDeprovisionScript Windows -Path '{file}' -NoClobber");
        AssertError(refused.Error, "FileExists");
        Assert.Equal(ErrorCategory.ResourceExists, refused.Error.CategoryInfo.Category);
        Assert.Equal(file, refused.Error.TargetObject);
        Assert.Equal("mine", File.ReadAllText(file));

        var script = Assert.Single(_engine.Run($"New-AibDeprovisionScript Windows -Path '{file}'").Objects<DeprovisionScript>());
        Assert.Equal(script.Content, File.ReadAllText(file));
        Assert.Single(_engine.Run($"New-AibDeprovisionScript Windows -Path '{_scratch["fresh.ps1"]}' -NoClobber").Objects<DeprovisionScript>());
        Assert.Equal(["d.ps1", "fresh.ps1"], _scratch.Entries);
    }

    [Fact]
    public void Force_makes_the_folder_and_overwrites_a_read_only_file()
    {
        var inside = _scratch["a", "b", "d.ps1"];
        var refused = _engine.Run($"New-AibDeprovisionScript Windows -Path '{inside}'");
        AssertError(refused.Error, "FolderNotFound");
        Assert.Equal(ErrorCategory.ObjectNotFound, refused.Error.CategoryInfo.Category);

        _engine.Run($"New-AibDeprovisionScript Windows -Path '{inside}' -Force").Objects<DeprovisionScript>();
        File.SetAttributes(inside, FileAttributes.ReadOnly);
        AssertError(_engine.Run($"New-AibDeprovisionScript Windows -Path '{inside}' -ModeVm").Error, "FileReadOnly");
        Assert.DoesNotContain("ModeVm                 = $true", File.ReadAllText(inside), StringComparison.Ordinal);

        _engine.Run($"New-AibDeprovisionScript Windows -Path '{inside}' -ModeVm -Force").Objects<DeprovisionScript>();
        Assert.Contains("ModeVm                 = $true", File.ReadAllText(inside), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Function:\\x")]
    [InlineData("NoSuchDrive:\\x")]
    public void A_path_outside_the_file_system_is_an_error(string path) =>
        AssertError(_engine.Run($"New-AibDeprovisionScript Windows -Path '{path}'").Error, "NotAFileSystemPath");

    [Fact]
    public void A_folder_at_the_path_of_a_file_is_an_error()
    {
        Directory.CreateDirectory(_scratch["DeprovisioningScript.ps1"]);
        AssertError(_engine.Run($"New-AibDeprovisionScript Windows -Path '{_scratch.Path}'").Error, "WriteFailed");
        Assert.Equal(["DeprovisioningScript.ps1"], _scratch.Entries);
    }

    [Theory]
    [InlineData("-Platform Linux -Profile Generic -GenericVersion ", new[] { "linux-1", "linux-2" })]
    [InlineData("-Platform Windows -GenericVersion windows-3", new[] { "windows-3" })]
    [InlineData("-GenericVersion ", new[] { "windows-2", "windows-3", "linux-1", "linux-2" })]
    [InlineData("Windows -RequiredService Rd", new[] { "RdAgent" })]
    [InlineData("Windows -RequiredService RdAgent, Win", new[] { "WindowsAzureGuestAgent", "WindowsAzureTelemetryService" })]
    [InlineData("-Platform ", new[] { "Linux", "Windows" })]
    [InlineData("Linux -Keep Ma", new[] { "MachineId" })]
    public void Tab_offers_values(string input, string[] expected)
    {
        var offered = _engine.Complete("New-AibDeprovisionScript " + input);
        Assert.Equal(expected, offered.Select(c => c.CompletionText));
        Assert.All(offered, c => Assert.NotEmpty(c.ToolTip));
    }

    [Fact]
    public void A_stopped_pipeline_is_not_swallowed()
    {
        var result = _engine.Run("& { foreach ($x in 1) { 'Windows', 'Linux' | New-AibDeprovisionScript | ForEach-Object { break } } }; 'after'");
        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
    }

    internal static void AssertError(ErrorRecord error, string id)
    {
        Assert.StartsWith(id + ",AibDeprovision.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotNull(error.TargetObject);
        var advice = Assert.IsType<AibException>(error.Exception).Advice;
        Assert.NotEmpty(advice);
        Assert.EndsWith(" " + advice, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(error.ErrorDetails.RecommendedAction);
    }

    private static string IdOf(ErrorRecord error) => error.FullyQualifiedErrorId;
}
