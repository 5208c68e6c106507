using System.Globalization;
using Azure.Bicep.Types.Az;
using Azure.Bicep.Types.Concrete;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Tests.Templates;

/// <summary>Makes ImageTemplateSchema.json from the Bicep types of Azure.</summary>
internal sealed class SchemaGenerator
{
    private const string Resource = "Microsoft.VirtualMachineImages/imageTemplates@";

    private readonly Dictionary<string, JObject> _types = new(StringComparer.Ordinal);

    /// <summary>The text of the file.</summary>
    public static string Generate()
    {
        var generator = new SchemaGenerator();
        var loader = new AzTypeLoader();
        var versions = new JObject();
        foreach (var (name, reference) in loader.LoadTypeIndex().Resources.Where(r => r.Key.StartsWith(Resource, StringComparison.OrdinalIgnoreCase)).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            versions[name[Resource.Length..]] = generator.Of(loader.LoadResourceType(reference).Body.Type);
        }
        var types = new JObject(generator._types.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new JProperty(t.Key, t.Value)));
        var data = new JObject { ["versions"] = versions, ["types"] = types };
        return $"{data.ToString(Formatting.Indented).ReplaceLineEndings("\n")}\n";
    }

    private JToken Of(TypeBase type) => type switch
    {
        ObjectType o => Named(o.Name, ObjectOf(o)),
        DiscriminatedObjectType d => Named(d.Name, VariantsOf(d)),
        ArrayType a => Limited(new JObject { ["kind"] = "array", ["items"] = Of(a.ItemType.Type) }, a.MinLength, a.MaxLength),
        UnionType u => UnionOf(u),
        StringLiteralType s => new JObject { ["kind"] = "string", ["values"] = new JArray(s.Value) },
        StringType s => StringOf(s),
        IntegerType i => Limited(new JObject { ["kind"] = "integer" }, i.MinValue, i.MaxValue),
        BooleanType => new JObject { ["kind"] = "boolean" },
        AnyType => new JObject { ["kind"] = "any" },
        _ => throw new NotSupportedException($"The types hold a {type.GetType().Name}, which the schema has no form for."),
    };

    /// <summary>A type stands once under its name; where api-versions differ in it, the later ones have a number behind it.</summary>
    private JValue Named(string name, JObject type)
    {
        for (var n = 1; ; n++)
        {
            var key = n == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}~{n}");
            if (!_types.TryGetValue(key, out var known))
            {
                _types[key] = known = type;
            }
            if (JToken.DeepEquals(known, type))
            {
                return new JValue(key);
            }
        }
    }

    private JObject ObjectOf(ObjectType type)
    {
        var data = new JObject { ["kind"] = "object", ["properties"] = PropertiesOf(type.Properties) };
        if (type.AdditionalProperties is { } others)
        {
            data["others"] = Of(others.Type);
        }
        return data;
    }

    private JObject VariantsOf(DiscriminatedObjectType type) => new()
    {
        ["kind"] = "object",
        ["discriminator"] = type.Discriminator,
        ["properties"] = PropertiesOf(type.BaseProperties),
        ["variants"] = new JObject(type.Elements.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new JProperty(e.Key, Of(e.Value.Type)))),
    };

    private JObject PropertiesOf(IReadOnlyDictionary<string, ObjectTypeProperty> properties) =>
        new(properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new JProperty(p.Key, PropertyOf(p.Value))));

    private JObject PropertyOf(ObjectTypeProperty property)
    {
        var data = new JObject { ["type"] = Of(property.Type.Type) };
        foreach (var (flag, name) in ((ObjectTypePropertyFlags, string)[])[(ObjectTypePropertyFlags.Required, "required"), (ObjectTypePropertyFlags.ReadOnly, "readOnly")])
        {
            if (property.Flags.HasFlag(flag))
            {
                data[name] = true;
            }
        }
        return data;
    }

    /// <summary>A list of strings; with the plain string among them it is open.</summary>
    private static JObject UnionOf(UnionType type)
    {
        var members = type.Elements.Select(e => e.Type).ToArray();
        if (members.Except(members.Where(m => m is StringLiteralType or StringType)).Any())
        {
            throw new NotSupportedException("The types hold a union of other things than strings, which the schema has no form for.");
        }
        var data = new JObject { ["kind"] = "string", ["values"] = new JArray(members.OfType<StringLiteralType>().Select(l => l.Value)) };
        if (members.Any(m => m is StringType))
        {
            data["open"] = true;
        }
        return data;
    }

    private static JObject StringOf(StringType type)
    {
        var data = Limited(new JObject { ["kind"] = "string" }, type.MinLength, type.MaxLength);
        if (type.Pattern is { } pattern)
        {
            data["pattern"] = pattern;
        }
        return data;
    }

    private static JObject Limited(JObject data, long? minimum, long? maximum)
    {
        if (minimum is { } least)
        {
            data["minimum"] = least;
        }
        if (maximum is { } most)
        {
            data["maximum"] = most;
        }
        return data;
    }
}
