namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>What whoever rehearses a script says of the build.</summary>
internal sealed record RehearsalOptions
{
    /// <summary>The build's time limit.</summary>
    public TimeSpan BuildTimeout { get; init; } = TimeSpan.FromMinutes(240);

    /// <summary>Files that the VM has besides its own: their texts by their paths.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Commands that are taken as done.</summary>
    public IReadOnlyList<string> AssumeDone { get; init; } = [];

    /// <summary>Whether the user that the platform made is meant to stay in the image (Linux).</summary>
    public bool KeepUser { get; init; }

    /// <summary>No more than a time limit.</summary>
    public static implicit operator RehearsalOptions(TimeSpan buildTimeout) => new() { BuildTimeout = buildTimeout };
}
