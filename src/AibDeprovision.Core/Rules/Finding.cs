namespace AibDeprovision.Rules;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Good to know; nothing has to be done.</summary>
    Information,

    /// <summary>It may go wrong.</summary>
    Warning,

    /// <summary>It has gone wrong, or will.</summary>
    Error,
}

/// <summary>What a check has found: the one shape in which every check answers.</summary>
public sealed record Finding
{
    /// <summary>The rule, by its stable name.</summary>
    public string RuleId { get; init; } = "";

    /// <summary>How much it matters.</summary>
    public Severity Severity { get; init; }

    /// <summary>What is the matter, as a sentence.</summary>
    public string Message { get; init; } = "";

    /// <summary>What to do about it, as a sentence; null where nothing is to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>The file it was found in, or that it is about; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The line in the file, from 1; null where that has no meaning.</summary>
    public int? Line { get; init; }

    /// <summary>The column in the line, from 1; null where that has no meaning.</summary>
    public int? Column { get; init; }

    /// <summary>What was read there, word for word and with secrets masked; null for none.</summary>
    public string? Evidence { get; init; }

    /// <summary>Where more about it can be read; null for nowhere.</summary>
    public string? HelpUri { get; init; }

    /// <summary>The finding on one line.</summary>
    public override string ToString() => $"{Severity}: {Message}{(File is null ? "" : $" ({File}{(Line is null ? "" : $":{Line}")})")}";
}
