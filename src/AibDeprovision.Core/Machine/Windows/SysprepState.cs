namespace AibDeprovision.Machine.Windows;

/// <summary>How far a Windows machine, or a mounted image of one, has been generalized.</summary>
public sealed record SysprepState
{
    /// <summary>The image state in the registry (see <see cref="ImageStates"/>); null where there is none.</summary>
    public string? ImageState { get; init; }

    /// <summary>The image state that Setup keeps in Setup\State\State.ini; null where there is none.</summary>
    public string? StateFile { get; init; }

    /// <summary>SysprepStatus\GeneralizationState: 7 before a run, 3 while or after one that broke off; null where there is none.</summary>
    public int? GeneralizationState { get; init; }

    /// <summary>SysprepStatus\CleanupState: 2 before a run; null where there is none.</summary>
    public int? CleanupState { get; init; }

    /// <summary>Setup\SetupType: 2 where the next start runs Setup first; null where there is none.</summary>
    public int? SetupType { get; init; }

    /// <summary>Setup\CmdLine: what the next start runs, oobe\windeploy.exe for specialize and OOBE; null where there is none.</summary>
    public string? CmdLine { get; init; }

    /// <summary>Whether the next start goes through specialize and OOBE, by SetupType and CmdLine.</summary>
    public bool IsNextStartArmed => SetupType == 2 && CmdLine?.IndexOf("windeploy", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Whether Sysprep_succeeded.tag, the mark of a run that has succeeded, is there.</summary>
    public bool HasSuccessTag { get; init; }

    /// <summary>Which of Sysprep's processes run; empty for a mounted image.</summary>
    public IReadOnlyList<string> Running { get; init; } = [];

    /// <summary>The first true error of the last run in Sysprep's logs; null where there is none.</summary>
    public string? LastError { get; init; }

    /// <summary>The folder of the mounted image; null for the machine itself.</summary>
    public string? Root { get; init; }

    /// <summary>Generalized and resealed to OOBE, and no run is under way that might still change that.</summary>
    public bool IsSealed => ImageState == ImageStates.GeneralizedToOobe && HasSuccessTag && Running.Count == 0;
}
