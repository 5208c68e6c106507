using System.Text;
using AibDeprovision.Scripts.Quoting;
using AibDeprovision.Templates.Steps;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Tests.Templates;

/// <summary>Steps of every kind, in every language: read by the schema and by the programs that read such templates.</summary>
public sealed class StepTextTests
{
    private static readonly string[] Nasty =
    [
        "", "'", "''", "'''", "\"", "\\", "\\'", "$", "${x}", "$${x}", "$$${x}", "$$", "%{y}", "%%{y}", "%%%{y}", "%$${", "{{user}}", "[x]", "[[x]", "\n", "\r\n", "\t",
        "caf\u00e9", "\ud83d\ude00", "\u2028", "\u0001", "`$(x)`", "#", "//", "/*", "<<EOF", "\\u0041", "\\n", "@'", "$\\{", "\\${",
    ];

    [Theory]
    [InlineData("2022-07-01")]
    [InlineData("2023-07-01")]
    [InlineData("2024-02-01")]
    [InlineData("2025-10-01")]
    public void Every_step_is_as_the_schema_has_it(string version)
    {
        var customize = ImageTemplateSchema.Of(version)!.Properties["properties"].Type.Properties["customize"].Type;
        Assert.Empty(SchemaCheck.Problems(new JArray([.. EmittedSteps.Customizers]), customize));
        // The check itself is not blind.
        var wrong = new JObject(EmittedSteps.Customizers[1]) { ["RunElevated"] = true };
        Assert.Equal("[0].RunElevated: there is no such property", Assert.Single(SchemaCheck.Problems(new JArray(wrong), customize)));
    }

    [Fact]
    public void As_JSON_a_step_is_what_it_was() =>
        Assert.All(EmittedSteps.Customizers, step => Assert.True(JToken.DeepEquals(step, JToken.Parse(StepText.Json(step)))));

    [Fact]
    public void The_Bicep_CLI_compiles_every_step_without_a_word_and_to_what_it_was()
    {
        var steps = EmittedSteps.Customizers;
        var (json, diagnostics) = BicepCli.Build($$"""
            param location string = resourceGroup().location
            resource template 'Microsoft.VirtualMachineImages/imageTemplates@2024-02-01' = {
              name: 'template'
              location: location
              identity: { type: 'UserAssigned', userAssignedIdentities: {} }
              properties: {
                source: { type: 'PlatformImage', publisher: 'p', offer: 'o', sku: 's', version: 'latest' }
                distribute: [{ type: 'VHD', runOutputName: 'vhd' }]
                customize: [
            {{string.Join('\n', steps.Select(StepText.Bicep))}}
                ]
              }
            }
            output texts array = [
            {{string.Join('\n', Nasty.Select(BicepText.Quote))}}
            ]
            """);

        Assert.True(diagnostics.Length == 0, diagnostics);
        var template = JObject.Parse(json);
        Assert.True(JToken.DeepEquals(new JArray([.. steps]), template.SelectToken("resources[0].properties.customize")), json);
        // Bicep doubles the bracket of what would be an expression.
        Assert.Equal(Nasty, template.SelectToken("outputs.texts.value")!.Values<string>().Select(text => text!.StartsWith("[[", StringComparison.Ordinal) && text.EndsWith(']') ? text[1..] : text));
    }

    [Fact]
    public void The_Bicep_CLI_finds_a_wrong_letter_case() =>
        Assert.Contains("RunElevated", BicepCli.Build("""
            resource template 'Microsoft.VirtualMachineImages/imageTemplates@2024-02-01' = {
              name: 'template'
              location: resourceGroup().location
              properties: {
                source: { type: 'PlatformImage' }
                distribute: []
                customize: [{ type: 'PowerShell', RunElevated: true }]
              }
            }
            """).Diagnostics, StringComparison.Ordinal);

    [Fact]
    public void Packer_takes_every_provisioner()
    {
        Assert.SkipUnless(Toolbox.Has("packer"), Toolbox.Missing("packer"));
        var provisioners = EmittedSteps.Scripts.Select(script => PackerProvisioner.Of(CustomizeStep.Inline(script), script))
            .Append(PackerProvisioner.Of(CustomizeStep.Restart(), EmittedSteps.Scripts.First()));

        var run = Packer("validate", string.Join("\n\n", provisioners));

        Assert.True(run.ExitCode == 0, run.ToString());
        // And refuses what it does not know.
        Assert.NotEqual(0, Packer("validate", "provisioner \"shell\" {\n  inlines = [\"x\"]\n}").ExitCode);
    }

    [Fact]
    public void Packer_gives_back_any_text_unchanged()
    {
        Assert.SkipUnless(Toolbox.Has("packer"), Toolbox.Missing("packer"));
        using var scratch = new ScratchFolder();
        var file = scratch["texts"];
        // Its own templates, in double braces, are no matter of HCL.
        var texts = Nasty.Where(text => !text.Contains("{{", StringComparison.Ordinal)).ToArray();
        var lines = texts.Select(text => $"printf '%s' {ShText.Quote(text)} | od -An -tx1 | tr -d ' \\n' >> {ShText.Quote(file)}; echo >> {ShText.Quote(file)}");

        var run = Packer("build", $"provisioner \"shell-local\" {{\n  inline = [\n{string.Join(",\n", lines.Select(HclText.Quote))}\n  ]\n}}\n"
            + $"provisioner \"shell-local\" {{\n  environment_vars = [\n{string.Join(",\n", texts.Where(IsOneLine).Select((text, i) => HclText.Quote($"TEXT{i}={text}")))}\n  ]\n  inline = [\"env -0 > {file}.env\"]\n}}");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(texts.Select(text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))), File.ReadAllLines(file));
        var variables = File.ReadAllText(file + ".env").Split('\0').Where(v => v.StartsWith("TEXT", StringComparison.Ordinal)).ToDictionary(v => v.Split('=', 2)[0], v => v.Split('=', 2)[1], StringComparer.Ordinal);
        Assert.Equal(texts.Where(IsOneLine), Enumerable.Range(0, variables.Count).Select(i => variables[$"TEXT{i}"]));
    }

    private static bool IsOneLine(string text) => text.IndexOfAny(['\n', '\r', '\'']) < 0;

    private static BedRun Packer(string command, string provisioners)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["main.pkr.hcl"], $"source \"null\" \"azure-arm\" {{\n  communicator = \"none\"\n}}\n\nbuild {{\n  sources = [\"source.null.azure-arm\"]\n\n{provisioners}\n}}\n");
        return BedProcess.Run(["packer", command, scratch["main.pkr.hcl"]], TimeSpan.FromMinutes(2),
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["CHECKPOINT_DISABLE"] = "1" });
    }
}
