using AibDeprovision.Plans;

namespace AibDeprovision.Rules;

/// <summary>What of a machine is meant to stay in the image.</summary>
internal sealed record GeneralizationPolicy
{
    /// <summary>Linux: residue that is left where it is, as <see cref="DeprovisionPlan.Keep"/> says it to the script.</summary>
    public ResidueKinds Keep { get; init; }

    /// <summary>Linux: whether the provisioned user stays.</summary>
    public bool KeepUser { get; init; }

    /// <summary>Linux: whether what certification looks at is looked at too, and what it refuses is no information where it is kept.</summary>
    public bool Certification { get; init; }

    /// <summary>Linux: the users that were made for the build; empty to take those that provisioning has left the names of.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];
}
