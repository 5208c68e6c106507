using AibDeprovision.Tests.Engine;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Tests.Templates;

/// <summary>
/// The schema of Microsoft.VirtualMachineImages/imageTemplates, one for each api-version, from the API descriptions that the Bicep types are made
/// from. The data is ImageTemplateSchema.json beside this file.
/// </summary>
internal static class ImageTemplateSchema
{
    /// <summary>The type of the resource.</summary>
    public const string ResourceType = "Microsoft.VirtualMachineImages/imageTemplates";

    /// <summary>From this api-version on the service itself compares names with letter case, and refuses unknown ones.</summary>
    public const string StrictFrom = "2024-02-01";

    /// <summary>The file of the data.</summary>
    public static readonly string DataPath = Repository.PathOf("tests", "AibDeprovision.Tests", "Templates", "ImageTemplateSchema.json");

    private static readonly Lazy<JObject> s_data = new(() => JObject.Parse(File.ReadAllText(DataPath)));

    private static readonly Lazy<IReadOnlyDictionary<string, SchemaType>> s_versions = new(() =>
    {
        var types = new Dictionary<string, SchemaType>(StringComparer.Ordinal);
        return ((JObject)s_data.Value["versions"]!).Properties().ToDictionary(p => p.Name, p => TypeOf(p.Value, types), StringComparer.Ordinal);
    });

    /// <summary>The api-versions, oldest first.</summary>
    public static IReadOnlyList<string> Versions { get; } = [.. ((JObject)s_data.Value["versions"]!).Properties().Select(p => p.Name)];

    /// <summary>The newest api-version.</summary>
    public static string Newest => Versions[^1];

    /// <summary>The resource as an api-version has it; null for a version that is not known.</summary>
    public static SchemaType? Of(string version) => s_versions.Value.TryGetValue(version, out var type) ? type : null;

    // A type stands once under its name, and a string stands for it.
    private static SchemaType TypeOf(JToken data, Dictionary<string, SchemaType> types)
    {
        if (data.Type != JTokenType.String)
        {
            return Read((JObject)data, types);
        }
        var name = (string)data!;
        if (!types.TryGetValue(name, out var type))
        {
            types[name] = type = Read((JObject)s_data.Value["types"]![name]!, types);
        }
        return type;
    }

    private static SchemaType Read(JObject data, Dictionary<string, SchemaType> types) => new()
    {
        Kind = (string)data["kind"]!,
        Properties = (data["properties"] as JObject ?? []).Properties().ToDictionary(p => p.Name, p => PropertyOf(p.Value, types), StringComparer.Ordinal),
        Others = data["others"] is { } others ? TypeOf(others, types) : null,
        Discriminator = (string?)data["discriminator"],
        Variants = (data["variants"] as JObject ?? []).Properties().ToDictionary(p => p.Name, p => TypeOf(p.Value, types), StringComparer.Ordinal),
        Items = data["items"] is { } items ? TypeOf(items, types) : null,
        Values = [.. (data["values"] as JArray ?? []).Values<string>().Select(v => v!)],
        IsOpen = (bool?)data["open"] ?? false,
        Pattern = (string?)data["pattern"],
        Minimum = (long?)data["minimum"],
        Maximum = (long?)data["maximum"],
    };

    private static SchemaProperty PropertyOf(JToken data, Dictionary<string, SchemaType> types) =>
        new(TypeOf(data["type"]!, types), (bool?)data["required"] ?? false, (bool?)data["readOnly"] ?? false);
}
