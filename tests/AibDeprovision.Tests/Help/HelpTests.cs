using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.Json;
using System.Text.RegularExpressions;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Help;

/// <summary>Help that is complete and true: the cmdlets by reflection, their pages, and the MAML that Get-Help reads.</summary>
public sealed class HelpTests
{
    private static readonly HashSet<string> CommonParameters =
        [.. Cmdlet.CommonParameters, .. Cmdlet.OptionalCommonParameters.Where(p => p is not ("WhatIf" or "Confirm"))];

    public static TheoryData<string> Commands
    {
        get
        {
            using var engine = new EngineSession();
            return [.. CommandsOf(engine).Select(c => c.Name)];
        }
    }

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are()
    {
        using var engine = new EngineSession();
        var classes = typeof(ErrorRecords).Assembly.GetTypes().Where(t => t.IsPublic).Select(t => t.GetCustomAttributes(typeof(CmdletAttribute), inherit: false).FirstOrDefault())
            .OfType<CmdletAttribute>().Select(a => $"{a.VerbName}-{a.NounName}");
        Assert.Equal(classes.Order(StringComparer.Ordinal), CommandsOf(engine).Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_page_documents_every_parameter_and_none_besides(string name)
    {
        var page = PageOf(name);
        Assert.Equal(ParametersOf(name), Regex.Matches(page, @"^### -(\w+)\r?$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
        foreach (var section in new[] { "SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS" })
        {
            Assert.Contains($"\n## {section}\n", page, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.Matches(@"PlatyPS schema version: 2024-05-01", page);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Get_Help_is_complete_in_the_engine(string name)
    {
        using var engine = new EngineSession();
        var help = Assert.Single(engine.Run($"Get-Help {name} -Full").Output);

        Assert.Equal(Section(PageOf(name), "SYNOPSIS"), ((string)help.Properties["Synopsis"].Value).Trim());
        var shown = string.Join('\n', engine.Run($"foreach ($p in (Get-Help {name} -Full).parameters.parameter) {{ $p.name }}").Output);
        Assert.All(ParametersOf(name), p => Assert.Contains(p, shown, StringComparison.Ordinal));
        Assert.NotEmpty(engine.Run($"(Get-Help {name} -Examples).examples.example").Output);
    }

    [Fact]
    public void Every_cmdlet_that_changes_something_declares_an_output_type_and_asks_first()
    {
        using var engine = new EngineSession();
        foreach (var command in CommandsOf(engine))
        {
            Assert.NotEmpty(command.OutputType);
            Assert.True(command.ImplementingType.IsSealed, command.Name);
            if (command.Verb is "New" or "Install" or "Update" or "Repair" or "Export")
            {
                Assert.True(command.Parameters.ContainsKey("WhatIf"), command.Name);
            }
        }
    }

    [Fact]
    public void Every_error_has_a_category()
    {
        foreach (var id in Enum.GetValues<ErrorId>())
        {
            Assert.NotEqual(ErrorCategory.NotSpecified, ErrorRecords.CategoryOf(id));
        }
    }

    [Fact]
    public void The_customizer_of_the_README_parses_and_writes_the_script_of_the_help()
    {
        var json = Regex.Match(File.ReadAllText(Repository.PathOf("README.md")), "```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture).Groups["json"].Value;
        using var customizer = JsonDocument.Parse(json);
        var inline = customizer.RootElement.GetProperty("inline").EnumerateArray().Select(line => line.GetString()!).ToArray();
        Parser.ParseInput(string.Join('\n', inline), out _, out var errors);
        Assert.Empty(errors);

        using var engine = new EngineSession();
        var lines = engine.Run(inline[0] + "; $lines").Objects<string>();
        Assert.Contains(ExamplesOf(PageOf("Invoke-AibDeprovision")), e => e.Code.TrimEnd() == string.Join('\n', lines));
    }

    [Fact]
    public void The_about_topic_is_ASCII_and_found_by_Get_Help()
    {
        Assert.True(System.Text.Ascii.IsValid(File.ReadAllBytes(Repository.PathOf("docs", "en-US", "about_AibDeprovision.help.txt"))));
        using var engine = new EngineSession();
        var topic = Assert.Single(engine.Run("Get-Help about_AibDeprovision").Output).ToString();
        foreach (var code in Enum.GetValues<DeprovisionExitCode>())
        {
            Assert.Matches($@"(?m)^\s+{(int)code}\s+{code}\b", topic);
        }
    }

    internal static IReadOnlyList<CmdletInfo> CommandsOf(EngineSession engine) => engine.Run("Get-Command -Module AibDeprovision").Objects<CmdletInfo>();

    private static IEnumerable<string> ParametersOf(string name)
    {
        using var engine = new EngineSession();
        return ParametersOf(CommandsOf(engine).Single(c => c.Name == name));
    }

    /// <summary>The cmdlet's own parameters.</summary>
    internal static IReadOnlyList<string> ParametersOf(CmdletInfo command) =>
        [.. command.Parameters.Keys.Where(p => !CommonParameters.Contains(p)).Order(StringComparer.Ordinal)];

    internal static string PageOf(string name) => File.ReadAllText(Repository.PathOf("docs", "en-US", name + ".md")).ReplaceLineEndings("\n");

    /// <summary>What stands under a heading of a page.</summary>
    internal static string Section(string page, string title) =>
        Regex.Match(page, $@"\n## {title}\n(?<text>.*?)(?=\n## |$)", RegexOptions.Singleline).Groups["text"].Value.Trim();

    internal static IEnumerable<(string Title, string Code)> ExamplesOf(string page) =>
        Regex.Matches(page, @"^### (?<title>Example.*?)\n.*?^```powershell\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(m => (m.Groups["title"].Value, m.Groups["code"].Value));
}
