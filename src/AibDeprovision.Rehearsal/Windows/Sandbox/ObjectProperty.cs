using System.Collections;
using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Properties as the pipeline commands name them: by name, or by a hashtable with Name and Expression.</summary>
internal static class ObjectProperty
{
    /// <summary>Compares by what would be printed, without case.</summary>
    public static IEqualityComparer<object?> SameText { get; } = new ByText();

    /// <summary>The value of a property; null where the object has none.</summary>
    public static object? Of(object? item, object property)
    {
        var name = NameOf(property is PSObject { BaseObject: Hashtable wrapped } ? wrapped["Expression"] ?? wrapped["E"] ?? "" : property is Hashtable table ? table["Expression"] ?? table["E"] ?? "" : property);
        var target = item is PSObject wrapper ? wrapper.BaseObject : item;
        return target is IDictionary dictionary && dictionary.Contains(name) ? dictionary[name] : item is null ? null : PSObject.AsPSObject(item).Properties[name]?.Value;
    }

    /// <summary>The name that a property gets.</summary>
    public static string NameOf(object property) => property switch
    {
        PSObject { BaseObject: Hashtable table } => NameOf(table),
        Hashtable table => (table["Name"] ?? table["N"] ?? table["Label"] ?? "").ToString()!,
        _ => property.ToString()!,
    };

    private sealed class ByText : IEqualityComparer<object?>
    {
        bool IEqualityComparer<object?>.Equals(object? x, object? y) => string.Equals(x?.ToString(), y?.ToString(), StringComparison.OrdinalIgnoreCase);

        int IEqualityComparer<object?>.GetHashCode(object? obj) => StringComparer.OrdinalIgnoreCase.GetHashCode(obj?.ToString() ?? "");
    }
}
