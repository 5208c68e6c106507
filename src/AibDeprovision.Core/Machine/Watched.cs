namespace AibDeprovision.Machine;

/// <summary>What a watch on a machine looks at.</summary>
internal sealed record Watched
{
    /// <summary>Services whose state matters, by short name, installed or not.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Linux: files that may come or go, by full path.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Windows: keys whose values matter, as HKLM\...; one that is missing may appear.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Windows: programs whose end matters, by name without .exe.</summary>
    public IReadOnlyList<string> Programs { get; init; } = [];
}
