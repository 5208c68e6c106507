using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Tests.Templates;

/// <summary>What is wrong with a value of an image template by its schema, each with its path.</summary>
internal static class SchemaCheck
{
    public static IEnumerable<string> Problems(JToken value, SchemaType type) => (type.Kind, value) switch
    {
        ("any", _) => [],
        ("object", JObject o) => ProblemsOf(o, type),
        ("array", JArray a) => a.SelectMany(item => Problems(item, type.Items!)).Concat(Range(value, type, a.Count)),
        ("boolean", { Type: JTokenType.Boolean }) => [],
        ("integer", { Type: JTokenType.Integer }) => Range(value, type, (long)value),
        ("string", { Type: JTokenType.String }) => ProblemsOf(value, (string)value!, type),
        _ => [$"{value.Path}: is {value.Type}, and has to be {type.Kind}"],
    };

    private static IEnumerable<string> ProblemsOf(JObject value, SchemaType type)
    {
        var properties = new Dictionary<string, SchemaProperty>(type.Properties, StringComparer.Ordinal);
        if (type.Discriminator is { } discriminator)
        {
            if (!type.Variants.TryGetValue((string?)value[discriminator] ?? "", out var variant))
            {
                return [$"{value.Path}: {discriminator} is none of {string.Join(", ", type.Variants.Keys)}"];
            }
            foreach (var property in variant.Properties)
            {
                properties[property.Key] = property.Value;
            }
        }
        return properties.Where(p => p.Value.IsRequired && value[p.Key] is null).Select(p => $"{value.Path}: {p.Key} is missing")
            .Concat(value.Properties().SelectMany(p => properties.TryGetValue(p.Name, out var known) ? Problems(p.Value, known.Type)
                : type.Others is { } others ? Problems(p.Value, others) : [$"{p.Path}: there is no such property"]));
    }

    private static IEnumerable<string> ProblemsOf(JToken value, string text, SchemaType type)
    {
        if (type.Values.Count > 0 && !type.IsOpen && !type.Values.Contains(text, StringComparer.Ordinal))
        {
            yield return $"{value.Path}: '{text}' is none of {string.Join(", ", type.Values)}";
        }
        if (type.Pattern is { } pattern && !Regex.IsMatch(text, pattern))
        {
            yield return $"{value.Path}: '{text}' does not match {pattern}";
        }
        foreach (var problem in Range(value, type, text.Length))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Range(JToken value, SchemaType type, long size) =>
        size < type.Minimum || size > type.Maximum ? [$"{value.Path}: {size} is not from {type.Minimum} to {type.Maximum}"] : [];
}
