namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>What stood between a rehearsed script and this machine, beside the language of the script itself.</summary>
public enum RehearsalIsolation
{
    /// <summary>A process without network, as a user without rights, that sees nothing of this machine's files but the runtime.</summary>
    Sandbox,

    /// <summary>A process of its own with limits; it runs as the user who rehearses.</summary>
    Process,
}
