namespace AibDeprovision.Machine.Windows;

/// <summary>What a watch on a Windows machine looks at.</summary>
public sealed record Watched
{
    /// <summary>Services whose state matters, by short name, installed or not.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Keys whose values matter, as HKLM\...; one that is missing may appear.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Programs whose end matters, by name without .exe.</summary>
    public IReadOnlyList<string> Programs { get; init; } = [];
}
