using System.Reflection;
using System.Text.RegularExpressions;
using AibDeprovision.Plans;

namespace AibDeprovision.Rules;

/// <summary>What a rule is about; a rule may be about both.</summary>
[Flags]
public enum RuleKinds
{
    /// <summary>About nothing.</summary>
    None = 0,

    /// <summary>Whether a machine can be generalized: it is looked at before Sysprep or waagent runs.</summary>
    Readiness = 1,

    /// <summary>Whether a machine or an image has been generalized: what of the build is still there.</summary>
    Residue = 2,

    /// <summary>Why a build has failed: it is read from its logs afterwards.</summary>
    Failure = 4,

    /// <summary>Whether a Linux image is what the certification of Azure Marketplace asks for, besides being generalized.</summary>
    Certification = 8,

    /// <summary>What is wrong with a deprovision script, or with one that writes or patches it.</summary>
    Script = 16,
}

/// <summary>How sure it is that what a rule says comes to pass.</summary>
public enum Certainty
{
    /// <summary>General knowledge without a source.</summary>
    Unsure,

    /// <summary>Known from reports, or read at second hand.</summary>
    Likely,

    /// <summary>Read in the source or the maker's own documentation of the program that it is about, or measured by this project.</summary>
    Certain,
}

/// <summary>A rule of the catalogue: what can be found, how much it matters, and what to do about it.</summary>
public sealed record Rule
{
    private static readonly string? ProjectBaseUrl = typeof(Rule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == nameof(ProjectBaseUrl))?.Value;

    internal Rule(string id, RuleKinds kind, DeprovisionPlatform platform, Severity severity, Certainty certainty, string title, string message, string? remedy = null)
    {
        Id = id;
        Kind = kind;
        Platform = platform;
        Severity = severity;
        Certainty = certainty;
        Title = title;
        Message = message;
        Remedy = string.IsNullOrEmpty(remedy) ? null : remedy;
    }

    /// <summary>Its stable name, which findings have as their RuleId: never changed, and never given to something else.</summary>
    public string Id { get; }

    /// <summary>What it is about.</summary>
    public RuleKinds Kind { get; }

    /// <summary>The system that it is for.</summary>
    public DeprovisionPlatform Platform { get; }

    /// <summary>How much it matters; an error is certain as well.</summary>
    public Severity Severity { get; }

    /// <summary>How sure it is.</summary>
    public Certainty Certainty { get; }

    /// <summary>What it is, in a few words.</summary>
    public string Title { get; }

    /// <summary>What is the matter, as a sentence; names in braces stand for what is found.</summary>
    public string Message { get; }

    /// <summary>What to do about it, as a sentence, with names in braces as in the message; null where nothing is to be done.</summary>
    public string? Remedy { get; }

    /// <summary>Readiness: the failure that it prevents, as a sentence; null for other rules.</summary>
    public string? Prevents { get; internal init; }

    /// <summary>The scenario of Invoke-AibDeprovisionRehearsal in which it can be seen; null where there is none.</summary>
    public string? Scenario { get; internal init; }

    /// <summary>Script: what 'Update-AibDeprovisionScript -Fix' does about it, as a sentence; null where it cannot be mended so.</summary>
    public string? Fix { get; internal init; }

    /// <summary>The page about it; null where the project has no public address.</summary>
    public string? HelpUri => string.IsNullOrEmpty(ProjectBaseUrl) ? null : $"{ProjectBaseUrl}/docs/rules/{Id}.md";

    /// <summary>A finding of this rule.</summary>
    /// <param name="values">What stands in the sentences for the names in braces.</param>
    internal Finding Finding(params (string Name, string Value)[] values) => new()
    {
        RuleId = Id,
        Severity = Severity,
        Message = Fill(Message, values),
        Remedy = Remedy is null ? null : Fill(Remedy, values),
        HelpUri = HelpUri,
    };

    /// <inheritdoc/>
    public override string ToString() => Id;

    // In one pass: what was found may hold braces of its own.
    private static string Fill(string text, (string Name, string Value)[] values) => values.Length == 0 ? text
        : Regex.Replace(text, @"\{(?<name>\w+)\}", match => Array.Find(values, v => v.Name == match.Groups["name"].Value) is { Name: not null } found ? found.Value : match.Value,
            RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
