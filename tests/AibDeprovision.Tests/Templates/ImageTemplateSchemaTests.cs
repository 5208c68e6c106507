using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Templates;

/// <summary>The schema in the repository is the one of the package, and is read as it is meant.</summary>
public sealed class ImageTemplateSchemaTests
{
    private static SchemaType Properties(string version) => ImageTemplateSchema.Of(version)!.Properties["properties"].Type;

    [Fact]
    public void The_data_is_what_the_Bicep_types_say() =>
        GeneratedFile.Check(ImageTemplateSchema.DataPath, SchemaGenerator.Generate());

    [Fact]
    public void It_has_every_api_version()
    {
        Assert.Equal(
            ["2018-02-01-preview", "2019-02-01-preview", "2019-05-01-preview", "2020-02-14", "2021-10-01", "2022-02-14", "2022-07-01", "2023-07-01", "2024-02-01", "2025-10-01"],
            ImageTemplateSchema.Versions);
        Assert.Equal("2025-10-01", ImageTemplateSchema.Newest);
        Assert.Contains(ImageTemplateSchema.StrictFrom, ImageTemplateSchema.Versions);
        Assert.All(ImageTemplateSchema.Versions, version => Assert.NotNull(ImageTemplateSchema.Of(version)));
        Assert.Null(ImageTemplateSchema.Of("2030-01-01"));
    }

    [Fact]
    public void A_customizer_is_told_by_its_type_and_has_the_properties_of_it_in_their_letter_case()
    {
        var customizer = Properties("2025-10-01").Properties["customize"].Type.Items!;
        Assert.Equal("type", customizer.Discriminator);
        Assert.Equal(["File", "PowerShell", "Shell", "WindowsRestart", "WindowsUpdate"], customizer.Variants.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("name", customizer.Properties);
        var shell = customizer.Variants["PowerShell"];
        Assert.Equal(("array", "string"), (shell.Properties["inline"].Type.Kind, shell.Properties["inline"].Type.Items!.Kind));
        Assert.Equal("boolean", shell.Properties["runAsSystem"].Type.Kind);
        Assert.False(shell.Properties.ContainsKey("runassystem"));
        Assert.Null(shell.Others);
    }

    [Fact]
    public void Ranges_patterns_lists_and_what_is_required_or_read_only_are_there()
    {
        var resource = ImageTemplateSchema.Of("2025-10-01")!;
        Assert.Equal("^[A-Za-z0-9-_.]{1,64}$", resource.Properties["name"].Type.Pattern);
        Assert.True(resource.Properties["location"].IsRequired);
        var properties = Properties("2025-10-01");
        Assert.Equal((0L, 960L), (properties.Properties["buildTimeoutInMinutes"].Type.Minimum, properties.Properties["buildTimeoutInMinutes"].Type.Maximum));
        Assert.True(properties.Properties["source"].IsRequired);
        Assert.True(properties.Properties["lastRunStatus"].IsReadOnly);
        var onError = properties.Properties["errorHandling"].Type.Properties["onCustomizerError"].Type;
        Assert.Equal(["abort", "cleanup"], onError.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_version_does_not_have_yet_is_not_in_its_schema()
    {
        Assert.False(Properties("2020-02-14").Properties.ContainsKey("validate"));
        Assert.True(Properties("2022-02-14").Properties.ContainsKey("validate"));
        Assert.False(Properties("2022-07-01").Properties.ContainsKey("errorHandling"));
        Assert.True(Properties("2023-07-01").Properties.ContainsKey("errorHandling"));
    }
}
