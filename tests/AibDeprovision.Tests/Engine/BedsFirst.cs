using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(AibDeprovision.Tests.Engine.BedsFirst))]

namespace AibDeprovision.Tests.Engine;

/// <summary>The tests on the Windows bed begin first: they take longest, one after the other on one machine, and most of that by waiting.</summary>
public sealed class BedsFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName.Contains(".WindowsBed.", StringComparison.Ordinal) ? 0 : 1).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];
}
