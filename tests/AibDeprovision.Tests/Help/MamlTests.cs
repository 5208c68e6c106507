using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Help;

/// <summary>
/// The MAML that Get-Help reads, value by value: against the pages that it is made of (build.ps1 -Task Docs, which needs
/// PlatyPS) and, with the pages, against the cmdlets.
/// </summary>
public sealed class MamlTests
{
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static TheoryData<string> Commands => HelpTests.Commands;

    [Fact]
    public void It_holds_the_help_of_every_cmdlet_and_of_no_other() =>
        Assert.Equal(Commands.Select(row => row.Data).Order(StringComparer.Ordinal), All().Select(NameOf).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_texts_are_those_of_the_page(string name)
    {
        var (maml, page) = (MamlOf(name), HelpTests.PageOf(name));
        Assert.Equal(Paragraphs(HelpTests.Section(page, "SYNOPSIS")), Paragraphs(maml.Element(Command + "details")!.Element(Maml + "description")));
        Assert.Equal(Paragraphs(HelpTests.Section(page, "DESCRIPTION")), Paragraphs(maml.Element(Maml + "description")));
        Assert.Equal(Paragraphs(HelpTests.Section(page, "NOTES")), Paragraphs(maml.Element(Maml + "alertSet")?.Element(Maml + "alert")));
        Assert.Equal(Typed(HelpTests.Section(page, "INPUTS")), Typed(maml.Element(Command + "inputTypes")!.Elements()));
        Assert.Equal(Typed(HelpTests.Section(page, "OUTPUTS")), Typed(maml.Element(Command + "returnValues")!.Elements()));
        Assert.Equal(Regex.Matches(HelpTests.Section(page, "RELATED LINKS"), @"\[(.+?)\]").Select(m => m.Groups[1].Value),
            maml.Element(Command + "relatedLinks")!.Elements().Select(link => link.Element(Maml + "linkText")!.Value));
        // A link to a file beside the page leads nowhere from a session.
        Assert.All(maml.Element(Command + "relatedLinks")!.Elements(), link => Assert.Matches("^(https://.+)?$", link.Element(Maml + "uri")!.Value));
        // Marks of markdown, and what PlatyPS puts between code and text.
        Assert.DoesNotMatch(@"```|\]\(|\u0080", maml.Value);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_examples_are_those_of_the_page_with_the_code_apart(string name)
    {
        var page = Regex.Matches(HelpTests.Section(HelpTests.PageOf(name), "EXAMPLES"), @"### (?<title>[^\n]+)\n(?<before>.*?)```powershell\n(?<code>.*?)\n```\n(?<after>.*?)(?=\n### |$)", RegexOptions.Singleline);
        Assert.NotEmpty(page);
        Assert.Equal(
            page.Select(m => (m.Groups["title"].Value, string.Join('|', Paragraphs(m.Groups["before"].Value)), m.Groups["code"].Value, string.Join('|', Paragraphs(m.Groups["after"].Value)))),
            MamlOf(name).Element(Command + "examples")!.Elements().Select(e => (e.Element(Maml + "title")!.Value.Trim('-', ' '),
                string.Join('|', Paragraphs(e.Element(Maml + "introduction"))), e.Element(Dev + "code")!.Value, string.Join('|', Paragraphs(e.Element(Dev + "remarks"))))));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_parameters_are_those_of_page_and_cmdlet(string name)
    {
        using var engine = new EngineSession();
        var cmdlet = HelpTests.CommandsOf(engine).Single(c => c.Name == name);
        var instance = Activator.CreateInstance(cmdlet.ImplementingType);
        var elements = MamlOf(name).Element(Command + "parameters")!.Elements().ToDictionary(p => p.Element(Maml + "name")!.Value);
        Assert.Equal(HelpTests.ParametersOf(cmdlet), elements.Keys.Order(StringComparer.Ordinal));
        foreach (var (parameter, element) in elements)
        {
            var metadata = cmdlet.Parameters[parameter];
            var sets = cmdlet.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.Name == parameter).ToArray();
            var page = PageParameter.Of(name, parameter);
            var what = $"{name} -{parameter}";

            Same(what, page.Text, Paragraphs(element.Element(Maml + "description")));
            Same(what, metadata.ParameterType.FullName!, page.Type, element.Element(Dev + "type")!.Element(Maml + "name")!.Value);
            Same(what, string.Join(", ", metadata.Aliases.DefaultIfEmpty("none")), string.Join(", ", page.Aliases.DefaultIfEmpty("none")), Attribute("aliases"));
            var wildcards = metadata.Attributes.OfType<SupportsWildcardsAttribute>().Any();
            Same(what, wildcards, page.Wildcards, Attribute("globbing") == "true");
            var pipeline = string.Join(", ", new[] { sets.Any(s => s.ValueFromPipeline) ? "ByValue" : null, sets.Any(s => s.ValueFromPipelineByPropertyName) ? "ByPropertyName" : null }.OfType<string>());
            Same(what, pipeline, page.Pipeline, Regex.Match(Attribute("pipelineInput"), @"\((.+)\)").Groups[1].Value);
            Same(what, sets[0].IsMandatory, page.IsRequired, Attribute("required") == "true");
            Assert.Contains(page.Position, metadata.ParameterSets.Values.Select(s => s.Position < 0 ? "Named" : s.Position.ToString(CultureInfo.InvariantCulture)));
            Same(what, page.Position, Attribute("position"));

            var value = sets[0].IsMandatory ? "" : Shown(cmdlet.ImplementingType.GetProperty(parameter)?.GetValue(instance));
            // Where the cmdlet has no value of its own, the page may say in words what happens.
            Same(what, value.Length > 0 ? value : page.Default, page.Default);
            Same(what, page.Default.Length > 0 ? page.Default : metadata.SwitchParameter ? "False" : "None", element.Element(Dev + "defaultValue")!.Value);

            string Attribute(string attribute) => element.Attribute(attribute)!.Value;
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_syntax_is_that_of_the_cmdlet(string name)
    {
        using var engine = new EngineSession();
        var cmdlet = HelpTests.CommandsOf(engine).Single(c => c.Name == name);
        var own = HelpTests.ParametersOf(cmdlet).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(
            cmdlet.ParameterSets.Select(set => Line(set.Parameters.Where(p => own.Contains(p.Name)).Select(p => $"{p.Name} {p.IsMandatory} {p.Position >= 0}"))).Order(StringComparer.Ordinal),
            MamlOf(name).Element(Command + "syntax")!.Elements().Select(item => Line(item.Elements(Command + "parameter")
                .Select(p => $"{p.Element(Maml + "name")!.Value} {bool.Parse(p.Attribute("required")!.Value)} {p.Attribute("position")!.Value != "named"}"))).Order(StringComparer.Ordinal));

        static string Line(IEnumerable<string> parameters) => string.Join("; ", parameters.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<XElement> All() => XDocument.Load(Path.Combine(Repository.StagedModule, "en-US", "AibDeprovision.dll-Help.xml")).Root!.Elements(Command + "command");

    private static string NameOf(XElement command) => command.Element(Command + "details")!.Element(Command + "name")!.Value;

    private static XElement MamlOf(string name) => All().Single(c => NameOf(c) == name);

    private static IReadOnlyList<string> Paragraphs(string text) =>
        [.. Regex.Split(text.Trim(), @"\n\s*\n").Select(p => p.Trim()).Where(p => p.Length > 0)];

    private static IReadOnlyList<string> Paragraphs(XElement? holder) =>
        [.. holder?.Elements(Maml + "para").Select(p => p.Value.Trim()).Where(p => p.Length > 0) ?? []];

    private static IEnumerable<string> Typed(string section) =>
        Regex.Matches(section, @"(?:^|\n)### (?<type>[^\n]+)\n(?<text>.*?)(?=\n### |$)", RegexOptions.Singleline).Select(m => $"{m.Groups["type"].Value}: {string.Join('|', Paragraphs(m.Groups["text"].Value))}");

    private static IEnumerable<string> Typed(IEnumerable<XElement> elements) =>
        elements.Select(e => $"{e.Element(Dev + "type")!.Element(Maml + "name")!.Value}: {string.Join('|', Paragraphs(e.Element(Maml + "description")))}");

    /// <summary>A value as the pages write it.</summary>
    private static string Shown(object? value) => value switch
    {
        SwitchParameter => "",
        System.Collections.IEnumerable list and not string => string.Join(", ", list.Cast<object>()),
        0 => "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static void Same<T>(string what, params IReadOnlyList<T> values)
    {
        var texts = values.Select(v => v is IEnumerable<string> lines ? string.Join('|', lines) : $"{v}").ToArray();
        Assert.True(texts.Distinct(StringComparer.Ordinal).Count() == 1, $"{what}: {string.Join(" / ", texts)}");
    }

    /// <summary>What a page says of a parameter.</summary>
    private sealed record PageParameter(IReadOnlyList<string> Text, string Type, string Default, bool Wildcards, IReadOnlyList<string> Aliases, string Position, bool IsRequired, string Pipeline)
    {
        public static PageParameter Of(string command, string name)
        {
            var match = Regex.Match(HelpTests.PageOf(command), $@"\n### -{name}\n(?<text>.*?)\n```yaml\n(?<yaml>.*?)\n```", RegexOptions.Singleline);
            Assert.True(match.Success, $"{command} -{name}");
            var yaml = match.Groups["yaml"].Value;
            return new(Paragraphs(match.Groups["text"].Value), Value("Type"), Value("DefaultValue"), Value("SupportsWildcards") == "true",
                [.. Regex.Matches(Regex.Match(yaml, @"\nAliases:(?<list>(\n- \w+)*)", RegexOptions.ExplicitCapture).Groups["list"].Value, @"\w+").Select(m => m.Value)],
                Value("  Position"), Value("  IsRequired") == "true",
                string.Join(", ", new[] { ("ByValue", "  ValueFromPipeline"), ("ByPropertyName", "  ValueFromPipelineByPropertyName") }
                    .Where(v => Regex.IsMatch(yaml, $"\n{v.Item2}: true")).Select(v => v.Item1)));

            string Value(string key) => Regex.Match(yaml, $"(?:^|\n){key}: (.*)").Groups[1].Value.Trim('\'');
        }
    }
}
