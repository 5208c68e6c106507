namespace AibDeprovision.Scripts;

/// <summary>What was changed in a script file.</summary>
public sealed record ScriptUpdate
{
    /// <summary>The file that was read.</summary>
    public string Path { get; init; } = "";

    /// <summary>The file that was written; null where nothing was.</summary>
    public string? Written { get; init; }

    /// <summary>What was done, as options with their values; empty where all that was asked for was so already.</summary>
    public IReadOnlyList<string> Done { get; init; } = [];

    /// <summary>The change as a unified diff, with secrets masked; empty where there is none.</summary>
    public string Diff { get; init; } = "";

    /// <summary>Whether the script was changed.</summary>
    public bool IsChanged => Diff.Length > 0;
}
