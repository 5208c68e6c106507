using System.Collections;
using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Properties as the pipeline commands name them: by name, or by a hashtable with Name and Expression.</summary>
internal static class ObjectProperty
{
    /// <summary>Compares by what would be printed, without case.</summary>
    public static IEqualityComparer<object?> SameText { get; } = new ByText();

    /// <summary>The value of a property, or of an expression for the item; null where the object has none, and where the expression fails.</summary>
    public static object? Of(PSCmdlet command, object? item, object property)
    {
        var expression = ExpressionOf(property);
        if (expression is ScriptBlock block)
        {
            try
            {
                return Block.Results(command, block, item) switch { [] => null, [var only] => only, var several => several.ToArray() };
            }
            catch (RuntimeException e) when (e is not PipelineStoppedException)
            {
                // As in the real commands: it has no value then.
                return null;
            }
        }
        var name = NameOf(expression);
        var target = item is PSObject wrapper ? wrapper.BaseObject : item;
        return target is IDictionary dictionary && dictionary.Contains(name) ? dictionary[name] : item is null ? null : PSObject.AsPSObject(item).Properties[name]?.Value;
    }

    private static object ExpressionOf(object property)
    {
        var value = property is PSObject wrapped ? wrapped.BaseObject : property;
        var expression = value is Hashtable table ? table["Expression"] ?? table["E"] ?? "" : value;
        return expression is PSObject { BaseObject: ScriptBlock block } ? block : expression;
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
