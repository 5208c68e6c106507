namespace AibDeprovision.Tests.Templates;

/// <summary>What a value of an image template may be. All names are compared ordinally: letter case counts.</summary>
internal sealed class SchemaType
{
    /// <summary>object, array, string, integer, boolean or any.</summary>
    public string Kind { get; init; } = "any";

    /// <summary>The properties of an object; of one with a <see cref="Discriminator"/>, those that all variants have.</summary>
    public IReadOnlyDictionary<string, SchemaProperty> Properties { get; init; } = new Dictionary<string, SchemaProperty>(StringComparer.Ordinal);

    /// <summary>What an object's other properties may be; null where it has no others.</summary>
    public SchemaType? Others { get; init; }

    /// <summary>The name of the property that tells which variant an object is; null where there are none.</summary>
    public string? Discriminator { get; init; }

    /// <summary>The variants by the value of the discriminator, which they have as a property too.</summary>
    public IReadOnlyDictionary<string, SchemaType> Variants { get; init; } = new Dictionary<string, SchemaType>(StringComparer.Ordinal);

    /// <summary>What the items of an array may be.</summary>
    public SchemaType? Items { get; init; }

    /// <summary>The strings that the API description lists; empty where it lists none.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether strings that are not among <see cref="Values"/> are taken too.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The pattern of a string.</summary>
    public string? Pattern { get; init; }

    /// <summary>The smallest integer, or the least length of a string or array.</summary>
    public long? Minimum { get; init; }

    /// <summary>The largest integer, or the greatest length of a string or array.</summary>
    public long? Maximum { get; init; }
}

/// <summary>A property of an object in an image template.</summary>
/// <param name="Type">What its value may be.</param>
/// <param name="IsRequired">Whether it has to be there.</param>
/// <param name="IsReadOnly">Whether the service alone sets it.</param>
internal sealed record SchemaProperty(SchemaType Type, bool IsRequired, bool IsReadOnly);
