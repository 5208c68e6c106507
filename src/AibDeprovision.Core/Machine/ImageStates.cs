namespace AibDeprovision.Machine;

/// <summary>
/// The values of ImageState that Windows writes (learn.microsoft.com/windows-hardware/manufacture/desktop/windows-setup-states).
/// </summary>
internal static class ImageStates
{
    /// <summary>Installed and bound to this machine; a refusal of Sysprep's validation leaves it.</summary>
    public const string Complete = "IMAGE_STATE_COMPLETE";

    /// <summary>A phase is not finished: normal while Sysprep works, a failure when it has ended.</summary>
    public const string Undeployable = "IMAGE_STATE_UNDEPLOYABLE";

    /// <summary>Generalized, and OOBE comes next: the one that Azure wants.</summary>
    public const string GeneralizedToOobe = "IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE";

    /// <summary>Generalized, and audit mode comes next.</summary>
    public const string GeneralizedToAudit = "IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT";

    /// <summary>Sealed without /generalize, and OOBE comes next.</summary>
    public const string SpecializedToOobe = "IMAGE_STATE_SPECIALIZE_RESEAL_TO_OOBE";

    /// <summary>Sealed without /generalize, and audit mode comes next.</summary>
    public const string SpecializedToAudit = "IMAGE_STATE_SPECIALIZE_RESEAL_TO_AUDIT";

    /// <summary>All that Windows writes.</summary>
    public static IReadOnlyList<string> All { get; } = [GeneralizedToOobe, GeneralizedToAudit, SpecializedToOobe, SpecializedToAudit, Undeployable, Complete];
}
