using AibDeprovision.Plans;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Rules;

/// <summary>A kind of residue on Linux, or a part of one: the rule, where it is looked for, what keeps it and how it is cleared.</summary>
/// <param name="Rule">The rule, which several parts may share.</param>
internal sealed record ResidueRule(Rule Rule)
{
    /// <summary>A kind of residue that has this one part; it is certain, since what is there is seen.</summary>
    /// <param name="id">Its stable name.</param>
    /// <param name="title">What it is, in a few words.</param>
    /// <param name="severity">How much it matters where nothing keeps it.</param>
    /// <param name="message">What the matter is, as a sentence.</param>
    /// <param name="remedy">What to do about it, as a sentence; empty for nothing.</param>
    /// <param name="certainty">How sure it is.</param>
    public ResidueRule(string id, string title, Severity severity, string message, string remedy, Certainty certainty = Certainty.Certain)
        : this(new Rule(id, RuleKinds.Residue, DeprovisionPlatform.Linux, severity, certainty, title, message, remedy))
    {
    }

    /// <summary>The rule's name.</summary>
    public string Id => Rule.Id;

    /// <summary>How much it matters where nothing keeps it.</summary>
    public Severity Severity => Rule.Severity;

    /// <summary>
    /// Patterns of paths (see <see cref="Machine.Linux.LinuxTree.Find(string)"/>); what matches is residue, whatever it is. ~/ stands for the
    /// home of everybody who can log in, {user} for each of the provisioned users. None for a rule that has to look into files.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Folders of which every file that is not empty is residue, at any depth.</summary>
    public IReadOnlyList<string> Below { get; init; } = [];

    /// <summary>Whether that also holds for what is mounted in those folders: a disk of its own for logs is the image's, one for temporary files need not be.</summary>
    public bool WithMounts { get; init; }

    /// <summary>Which of these keeps it; any of several suffices.</summary>
    public ResidueKinds KeptBy { get; init; }

    /// <summary>Whether keeping the provisioned user keeps it.</summary>
    public bool KeptWithUser { get; init; }

    /// <summary>Whether certification refuses it, also what is kept or else only told: then it is a warning at least.</summary>
    public bool RefusedByCertification { get; init; }

    /// <summary>Whether only what is a file and not empty counts.</summary>
    public bool WithContent { get; init; }

    /// <summary>Whether services go on to write it: what is newer than the cleaning of the machine is only told.</summary>
    public bool GrowsAgain { get; init; }

    /// <summary>What has to make it anew on the next machine: where nothing does, it has to stay, and is only told.</summary>
    public FirstBootMaker? MadeAnewBy { get; init; }

    /// <summary>How a deprovision clears it.</summary>
    public ResidueCleaning Cleaning { get; init; }

    /// <summary>What it is, in a few words for a line of a deprovision's log; {about} stands for the user whom it is about.</summary>
    public string What { get; init; } = "";

    /// <summary>Whether a deprovision has failed that leaves it.</summary>
    public bool HasToGo => Severity != Severity.Information && Cleaning != ResidueCleaning.Told;
}

/// <summary>How a deprovision clears a kind of residue.</summary>
internal enum ResidueCleaning
{
    /// <summary>It removes what is there.</summary>
    Remove,

    /// <summary>It makes the file empty, since services have it open; of logs it removes the old ones.</summary>
    Empty,

    /// <summary>It removes the line.</summary>
    DropLine,

    /// <summary>By a step of its own.</summary>
    Otherwise,

    /// <summary>Not at all: whether it may stay, only a person knows.</summary>
    Told,
}

/// <summary>Residue that nothing keeps.</summary>
/// <param name="Rule">What it is.</param>
/// <param name="Path">Where.</param>
/// <param name="About">The user whom it is about; null where it is about none.</param>
internal sealed record ResidueLeft(ResidueRule Rule, string Path, string? About)
{
    /// <summary>What it is, in a few words.</summary>
    public string What => Rule.What.Replace("{about}", About);
}
