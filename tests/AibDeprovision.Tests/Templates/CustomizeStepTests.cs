using System.Text.RegularExpressions;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Templates.Steps;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Tests.Templates;

/// <summary>The entries of a template's customize array, as data.</summary>
public sealed class CustomizeStepTests
{
    private static readonly Uri s_uri = new("https://example.blob.core.windows.net/scripts/step.ps1");

    private static DeprovisionScript Script(DeprovisionPlatform platform, string before = "") =>
        ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform, BeforeScript = before });

    [Fact]
    public void A_Windows_step_runs_elevated_and_not_as_SYSTEM()
    {
        var step = CustomizeStep.Inline(Script(DeprovisionPlatform.Windows));
        Assert.Equal(["type", "name", "runElevated", "runAsSystem", "inline"], step.Properties().Select(p => p.Name));
        Assert.Equal(("PowerShell", "DeprovisioningScript", true, false), ((string)step["type"]!, (string)step["name"]!, (bool)step["runElevated"]!, (bool)step["runAsSystem"]!));
    }

    [Fact]
    public void A_Linux_step_has_a_name_and_its_lines()
    {
        var step = CustomizeStep.Inline(Script(DeprovisionPlatform.Linux), "Last");
        Assert.Equal(["type", "name", "inline"], step.Properties().Select(p => p.Name));
        Assert.Equal(("Shell", "Last"), ((string)step["type"]!, (string)step["name"]!));
    }

    [Theory]
    [InlineData(DeprovisionPlatform.Windows)]
    [InlineData(DeprovisionPlatform.Linux)]
    public void No_line_holds_what_a_template_language_would_replace_whatever_the_script_holds(DeprovisionPlatform platform)
    {
        var step = CustomizeStep.Inline(Script(platform, "echo '{{user}} ${x} %{y}'\n[parameters('a')]\n"));
        Assert.All(step["inline"]!.Values<string>(), line => Assert.Matches(@"^(?!\[)[\x20-\x7e]{0,1100}$", line!));
        Assert.DoesNotContain(step["inline"]!.Values<string>(), line => Regex.IsMatch(line!, @"\{\{|\}\}|\$\{|%\{"));
    }

    [Fact]
    public void What_scriptUri_leads_to_is_the_text_that_writes_the_script_and_never_the_script_itself()
    {
        var script = Script(DeprovisionPlatform.Windows);
        var step = CustomizeStep.FromScriptUri(script, s_uri);
        Assert.Equal(["type", "name", "runElevated", "runAsSystem", "scriptUri", "sha256Checksum"], step.Properties().Select(p => p.Name));
        Assert.Equal(DeprovisionScript.HashOf(OverrideWriter.FileOf(script)), (string)step["sha256Checksum"]!);
        Assert.NotEqual(script.Sha256, (string)step["sha256Checksum"]!);
        Assert.Matches("^[0-9a-f]{64}$", (string)step["sha256Checksum"]!);
    }

    [Theory]
    [InlineData(DeprovisionPlatform.Windows, @"C:\DeprovisioningScript.ps1")]
    [InlineData(DeprovisionPlatform.Linux, "/tmp/DeprovisioningScript.sh")]
    public void A_File_step_copies_the_script_itself(DeprovisionPlatform platform, string destination)
    {
        var script = Script(platform);
        Assert.True(JToken.DeepEquals(CustomizeStep.FromSourceUri(script, s_uri), new JObject
        {
            ["type"] = "File",
            ["name"] = "DeprovisioningScript",
            ["sourceUri"] = s_uri.AbsoluteUri,
            ["destination"] = destination,
            ["sha256Checksum"] = script.Sha256,
        }));
    }

    [Theory]
    [InlineData("scripts/step.ps1")]
    [InlineData("[parameters('uri')]")]
    [InlineData(@"C:\step.ps1")]
    [InlineData("file:///c:/step.ps1")]
    public void An_address_is_a_whole_one_of_the_web(string text)
    {
        var uri = new Uri(text, UriKind.RelativeOrAbsolute);
        Assert.Equal(ErrorId.InvalidOptionValue, Assert.Throws<AibException>(() => CustomizeStep.FromScriptUri(Script(DeprovisionPlatform.Windows), uri)).Id);
        Assert.Equal(ErrorId.InvalidOptionValue, Assert.Throws<AibException>(() => CustomizeStep.FromSourceUri(Script(DeprovisionPlatform.Linux), uri)).Id);
    }

    [Fact]
    public void A_script_that_only_checks_is_not_put_in_the_place_of_one_that_deprovisions()
    {
        var script = ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Linux, ReadinessOnly = true });
        Assert.Throws<AibException>(() => CustomizeStep.Inline(script));
        Assert.Throws<AibException>(() => CustomizeStep.FromScriptUri(script, s_uri));
        Assert.Throws<AibException>(() => CustomizeStep.FromSourceUri(script, s_uri));
    }

    [Fact]
    public void A_script_that_no_template_can_carry_is_refused_with_the_way_out()
    {
        var script = Script(DeprovisionPlatform.Linux, new string('#', 800_000));
        var error = Assert.Throws<AibException>(() => CustomizeStep.Inline(script));
        Assert.Contains("-SourceUri", error.Advice, StringComparison.Ordinal);
        Assert.Equal(script.Sha256, (string)CustomizeStep.FromSourceUri(script, s_uri)["sha256Checksum"]!);
    }

    [Fact]
    public void A_name_that_is_an_expression_or_no_text_is_refused() => Assert.All((string[])["[parameters('name')]", "half \ud83d", "\ude00 half"], name =>
    {
        Assert.Equal(ErrorId.InvalidOptionValue, Assert.Throws<AibException>(() => CustomizeStep.Inline(Script(DeprovisionPlatform.Linux), name)).Id);
        Assert.Equal(ErrorId.InvalidOptionValue, Assert.Throws<AibException>(() => CustomizeStep.FromSourceUri(Script(DeprovisionPlatform.Windows), s_uri, name)).Id);
    });
}
