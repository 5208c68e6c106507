using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Help;

/// <summary>
/// The Pester files cannot be run by the engine alone, but they cannot rot either: each parses, every command of ours
/// that they name exists, and so does every parameter they give it.
/// </summary>
public sealed class PesterFilesTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.PathOf("tests", "Pester"), "*.ps1").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Parses_and_names_only_what_exists(string file)
    {
        var script = Parser.ParseFile(Repository.PathOf("tests", "Pester", file), out _, out var errors);
        Assert.Empty(errors);
        using var engine = new EngineSession();
        foreach (var call in script.FindAll(a => a is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
        {
            if (call.GetCommandName() is not { } name || !name.Contains("-Aib", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            var command = Assert.Single(engine.Run("Get-Command -Module AibDeprovision -Name $args[0]", name).Objects<CmdletInfo>());
            foreach (var parameter in call.CommandElements.OfType<CommandParameterAst>())
            {
                Assert.True(command.Parameters.ContainsKey(parameter.ParameterName), $"{file}: {name} has no parameter -{parameter.ParameterName} (line {parameter.Extent.StartLineNumber}).");
            }
        }
    }

    [Fact]
    public void Every_cmdlet_has_its_Pester_file()
    {
        using var engine = new EngineSession();
        Assert.All(engine.Run("Get-Command -Module AibDeprovision").Objects<CmdletInfo>(),
            command => Assert.True(File.Exists(Repository.PathOf("tests", "Pester", command.Name + ".Tests.ps1")), command.Name));
    }
}
