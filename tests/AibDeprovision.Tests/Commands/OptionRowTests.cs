using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>New-AibDeprovisionScript with the rows of a table for its options.</summary>
public sealed class OptionRowTests : IDisposable
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
    public void Every_option_of_a_row_is_taken()
    {
        var script = Assert.Single(_engine.Run(
            "[pscustomobject]@{ Platform = 'Windows'; SysprepTimeout = '30m'; ServiceTimeout = '10m'; Deadline = '50m'; Path = $args[0]; ModeVm = $true; OptionalService = @(); RemoveSysprepProvider = 'VMAgentDisabler.dll' } | New-AibDeprovisionScript",
            _scratch["x.ps1"]).Objects<DeprovisionScript>());
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(50), true), (script.Plan.SysprepTimeout, script.Plan.ServiceTimeout, script.Plan.Deadline, script.Plan.ModeVm));
        Assert.Equal(["VMAgentDisabler.dll"], script.Plan.RemoveSysprepProviders);
        Assert.Empty(script.Plan.OptionalServices);
        Assert.True(File.Exists(_scratch["x.ps1"]));
    }

    [Fact]
    public void A_row_leaves_nothing_to_the_next_one()
    {
        var scripts = _engine.Run("[pscustomobject]@{ Platform = 'Windows'; SysprepTimeout = '30m'; ModeVm = $true }, [pscustomobject]@{ Platform = 'Windows' }, [pscustomobject]@{ Platform = 'Linux'; KeepUser = $true; Keep = 'Logs' } | New-AibDeprovisionScript").Objects<DeprovisionScript>();
        Assert.Equal([(true, 30), (false, 45)], scripts.Take(2).Select(s => (s.Plan.ModeVm, (int)s.Plan.SysprepTimeout.TotalMinutes)));
        Assert.Equal((true, ResidueKinds.Logs), (scripts[2].Plan.KeepUser, scripts[2].Plan.Keep));
    }

    [Theory]
    [InlineData("SysprepTimeOuts", "SysprepTimeout")]
    [InlineData("Sysprep_Timeout", "SysprepTimeout")]
    [InlineData("SyspredTimeout", "SysprepTimeout")]
    [InlineData("RequiredServices", "RequiredService")]
    [InlineData("Mode-Vm", "ModeVm")]
    [InlineData("Paths", "Path")]
    [InlineData("deadlin", "Deadline")]
    public void What_is_nearly_an_option_is_an_error_and_not_dropped(string column, string option)
    {
        var result = _engine.Run("[pscustomobject]@{ Platform = 'Windows'; $args[0] = '30m' } | New-AibDeprovisionScript", column);
        Assert.Empty(result.Output);
        Assert.Equal("InvalidOptionValue," + Class, result.Error.FullyQualifiedErrorId);
        Assert.Equal(column, result.Error.TargetObject);
        Assert.Contains("-" + option, result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_another_meaning_are_the_tables_own() =>
        Assert.Single(_engine.Run("[pscustomobject]@{ Platform = 'Windows'; Name = 'web'; Region = 'westeurope'; Owner = 'x'; Version = '1' } | New-AibDeprovisionScript").Objects<DeprovisionScript>());

    [Theory]
    [InlineData("BeforeScript")]
    [InlineData("afterscript")]
    public void Code_is_not_taken_from_a_row(string hook)
    {
        var result = _engine.Run("[pscustomobject]@{ Platform = 'Windows'; $args[0] = 'Remove-Item C:\\x' } | New-AibDeprovisionScript", hook);
        Assert.Empty(result.Output);
        Assert.Equal("InvalidOptionValue," + Class, result.Error.FullyQualifiedErrorId);
        Assert.Contains("is code", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_platform_alone_still_comes_through_the_pipeline() =>
        Assert.Equal([DeprovisionPlatform.Windows, DeprovisionPlatform.Linux], _engine.Run("'Windows', 'linux' | New-AibDeprovisionScript").Objects<DeprovisionScript>().Select(s => s.Platform));

    [Fact]
    public void Two_scripts_to_one_file_are_an_error_and_the_first_one_stays()
    {
        var result = _engine.Run("'Windows', 'Linux' | New-AibDeprovisionScript -Path $args[0]", _scratch["one.txt"]);
        Assert.Equal("FileExists," + Class, result.Error.FullyQualifiedErrorId);
        Assert.Equal(_scratch["one.txt"], result.Error.TargetObject);
        Assert.StartsWith("# Generalizes this machine at the end of an Azure Image Builder build: waits for the guest agent, runs Sysprep", File.ReadAllText(_scratch["one.txt"]), StringComparison.Ordinal);
        Assert.Equal(2, _engine.Run("'Windows', 'Linux' | New-AibDeprovisionScript -Path $args[0]", _scratch.Path + "/").Objects<DeprovisionScript>().Count);
    }

    [Fact]
    public void A_hook_that_cannot_be_read_is_refused_at_once()
    {
        var error = _engine.Run("New-AibDeprovisionScript Windows -BeforeScript 'if ('").Error;
        Assert.Equal("InvalidOptionValue," + Class, error.FullyQualifiedErrorId);
        Assert.Contains("line 1", error.Exception.Message, StringComparison.Ordinal);
        Assert.Single(_engine.Run("New-AibDeprovisionScript Linux -BeforeScript 'if ('").Objects<DeprovisionScript>());
    }

    [Fact]
    public void A_name_that_no_file_system_takes_is_an_error_like_the_others()
    {
        var result = _engine.Run("New-AibDeprovisionScript Windows -Path $args[0]; 'after'", _scratch[new string('x', 300)]);
        Assert.Equal("after", Assert.Single(result.Output).BaseObject);
        Assert.DoesNotContain("NotSpecified", result.Error.CategoryInfo.Category.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("," + Class, result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.IsType<Errors.AibException>(result.Error.Exception);
    }
}
