using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>The ways in which a script is handed to a cmdlet that takes scripts.</summary>
public sealed class ScriptInputTests : IDisposable
{
    private const string Class = "AibDeprovision.Commands.InvokeAibDeprovisionRehearsalCommand";
    private const string Rehearse = "Invoke-AibDeprovisionRehearsal -Scenario agent-present";

    private readonly EngineSession _engine = new();
    private readonly ScratchFolder _scratch = new();

    public ScriptInputTests() => File.WriteAllText(_scratch["my.ps1"], "exit 7");

    public void Dispose()
    {
        _engine.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("Invoke-AibDeprovisionRehearsal $args[0] agent-present")]
    [InlineData(Rehearse + " -Path $args[0]")]
    [InlineData(Rehearse + " -LiteralPath $args[0]")]
    [InlineData("$args[0] | " + Rehearse)]
    [InlineData("[IO.FileInfo]$args[0] | " + Rehearse)]
    [InlineData("[pscustomobject]@{ PSPath = $args[0] } | " + Rehearse)]
    public void A_path_is_taken_by_position_by_name_and_through_the_pipeline(string code)
    {
        var result = Assert.Single(_engine.Run(code, _scratch["my.ps1"]).Objects<RehearsalResult>());
        Assert.Equal((_scratch["my.ps1"], 7), (result.Script, result.ExitCode));
    }

    [Theory]
    [InlineData("\"exit 7`n\" | " + Rehearse)]
    [InlineData("\"`$x = 7`r`nexit `$x\" | " + Rehearse)]
    [InlineData(Rehearse + " -ScriptText 'exit 7'")]
    public void A_piped_string_with_a_line_break_is_text_and_so_is_ScriptText(string code)
    {
        var result = Assert.Single(_engine.Run(code).Objects<RehearsalResult>());
        Assert.Equal(("(text)", 7), (result.Script, result.ExitCode));
    }

    [Fact]
    public void A_piped_line_that_is_no_file_is_an_error_and_the_next_one_has_its_turn()
    {
        var result = _engine.Run("'exit 7', $args[0], '' | " + Rehearse, _scratch["my.ps1"]);
        Assert.Equal(7, Assert.IsType<RehearsalResult>(Assert.Single(result.Output).BaseObject).ExitCode);
        Assert.All(result.Errors, e => Assert.Equal("FileNotFound," + Class, e.FullyQualifiedErrorId));
        Assert.Equal(2, result.Errors.Count);
    }

    [Theory]
    [InlineData("*.sh", "FileNotFound", "No file matches")]
    [InlineData("nowhere/*.ps1", "FileNotFound", "No file matches")]
    [InlineData(".", "ReadFailed", "is a folder")]
    [InlineData("nope.ps1", "FileNotFound", "There is no file")]
    public void A_path_that_leads_to_no_script_is_an_error(string path, string id, string message)
    {
        var result = _engine.Run(Rehearse + " -Path $args[0]", _scratch[path]);
        Assert.Empty(result.Output);
        Assert.Equal($"{id},{Class}", result.Error.FullyQualifiedErrorId);
        Assert.Contains(message, result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wildcard_takes_files_and_leaves_folders()
    {
        Directory.CreateDirectory(_scratch["my.folder.ps1"]);
        Assert.Equal(7, Assert.Single(_engine.Run(Rehearse + " $args[0]", _scratch["*.ps1"]).Objects<RehearsalResult>()).ExitCode);
    }

    [Fact]
    public void A_scenario_of_the_other_platform_is_no_error_where_both_are_rehearsed()
    {
        var only = WindowsScenarios.All.Select(s => s.Name).Except(LinuxScenarios.All.Select(s => s.Name)).First();
        var mixed = _engine.Run("'Windows', 'Linux' | New-AibDeprovisionScript | Invoke-AibDeprovisionRehearsal -Scenario $args[0]", only);
        Assert.Equal(only, Assert.Single(mixed.Objects<RehearsalResult>()).Scenario);

        var idle = _engine.Run("New-AibDeprovisionScript Linux | Invoke-AibDeprovisionRehearsal -Scenario $args[0]", only);
        Assert.Empty(idle.Output);
        Assert.Equal("UnknownScenario," + Class, idle.Error.FullyQualifiedErrorId);
        Assert.Equal("UnknownScenario," + Class, _engine.Run(Rehearse.Replace("agent-present", "NoSuch", StringComparison.Ordinal) + " $args[0]", _scratch["my.ps1"]).Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void The_output_of_a_result_is_its_lines_where_it_is_one_text()
    {
        var result = Assert.Single(_engine.Run(Rehearse + " -ScriptText \"Write-Output 'one'; Write-Output 'two'; exit 7\"").Objects<RehearsalResult>());
        Assert.Equal("one\ntwo", result.Output.ToString());
    }
}
