using System.Collections.ObjectModel;

namespace AibDeprovision.Rules;

/// <summary>A list that is its items, a line each, where it has to be one text: in a column of Export-Csv, or in a string.</summary>
internal sealed class ShownList<T>(IEnumerable<T> items) : ReadOnlyCollection<T>([.. items])
{
    /// <inheritdoc/>
    public override string ToString() => string.Join("\n", this);
}
