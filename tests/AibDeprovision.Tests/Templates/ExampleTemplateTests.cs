using System.Text.RegularExpressions;
using AibDeprovision.Templates.Steps;
using AibDeprovision.Tests.Engine;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Tests.Templates;

/// <summary>The templates in docs/examples: made as they say, they compile without a word, and their last step is ours.</summary>
public sealed class ExampleTemplateTests
{
    [Theory]
    [InlineData("windows")]
    [InlineData("linux")]
    public void An_example_compiles_without_a_word_and_ends_with_the_step(string name)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "examples", name + ".bicep"));
        var command = Regex.Match(text, @"^//   (?<command>.* -As Json) > (?<file>\S+)\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture);
        using var engine = new EngineSession();
        var step = Assert.Single(engine.Run(command.Groups["command"].Value).Objects<string>());

        var (json, diagnostics) = BicepCli.Build(text, (command.Groups["file"].Value, step));

        Assert.True(diagnostics.Length == 0, diagnostics);
        // Bicep keeps what it has loaded as a variable, and names it.
        var template = JObject.Parse(json);
        var variable = Assert.Single(((JObject)template["variables"]!).Properties());
        Assert.True(JToken.DeepEquals(JToken.Parse(step), variable.Value));
        var properties = (JObject)template.SelectToken("resources[0].properties")!;
        var customize = (JArray)properties["customize"]!;
        Assert.Equal($"[variables('{variable.Name}')]", (string)customize.Last!);
        customize.Last!.Replace(variable.Value);
        Assert.Equal(CustomizeStep.DefaultName, (string)customize.Last!["name"]!);
        Assert.Empty(SchemaCheck.Problems(properties, ImageTemplateSchema.Of("2024-02-01")!.Properties["properties"].Type));
    }
}
