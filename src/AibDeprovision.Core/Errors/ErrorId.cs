namespace AibDeprovision.Errors;

/// <summary>
/// Every error this module can raise. The names come out as the first part of FullyQualifiedErrorId and are a public
/// contract: a name is never changed and never means something else.
/// </summary>
public enum ErrorId
{
    /// <summary>An option was given that the platform does not have.</summary>
    OptionNotForPlatform,

    /// <summary>An option was given that a generic script does not have.</summary>
    OptionNotForProfile,

    /// <summary>The version is not one of the documented texts of the platform.</summary>
    UnknownGenericVersion,

    /// <summary>The value of an option cannot be used.</summary>
    InvalidOptionValue,

    /// <summary>A path does not lead to a file system.</summary>
    NotAFileSystemPath,

    /// <summary>The folder that the file is to be written to does not exist.</summary>
    FolderNotFound,

    /// <summary>A file is there already and was not to be overwritten.</summary>
    FileExists,

    /// <summary>The file is read-only.</summary>
    FileReadOnly,

    /// <summary>The system refused access.</summary>
    AccessDenied,

    /// <summary>Writing failed.</summary>
    WriteFailed,

    /// <summary>A symbolic link or junction stands where a folder was expected.</summary>
    LinkInPath,

    /// <summary>What was read back is not what was written.</summary>
    ReadBackMismatch,

    /// <summary>The script is for another system than this one.</summary>
    WrongPlatform,

    /// <summary>A name matches none of the rehearsal's scenarios.</summary>
    UnknownScenario,

    /// <summary>A name is no rule's.</summary>
    UnknownRule,

    /// <summary>A file could not be read.</summary>
    ReadFailed,

    /// <summary>A file or text is in another format, JSON for instance, and no script.</summary>
    NotAScript,

    /// <summary>No file stands at the path.</summary>
    FileNotFound,

    /// <summary>A registry hive is damaged, or is none.</summary>
    CorruptHive,

    /// <summary>A folder does not hold the system drive of a Windows.</summary>
    NotAWindowsImage,

    /// <summary>A folder holds neither the file system of a Linux nor the system drive of a Windows.</summary>
    NotASystemImage,

    /// <summary>A service that has to run is not installed.</summary>
    ServiceNotInstalled,

    /// <summary>A service that has to run is disabled.</summary>
    ServiceDisabled,

    /// <summary>A service did not run within the time limit.</summary>
    ServiceNotRunning,

    /// <summary>The VM was not provisioned within the time limit.</summary>
    NotProvisioned,

    /// <summary>The image state did not come within the time limit.</summary>
    ImageStateNotReached,

    /// <summary>Sysprep has ended, and the machine is not in the state that was asked for.</summary>
    SysprepNotSealed,

    /// <summary>Sysprep.exe is missing or could not be started.</summary>
    SysprepNotStarted,

    /// <summary>Sysprep did not end within the time limit.</summary>
    SysprepTimedOut,

    /// <summary>A command line that ends the session or does not generalize was asked for without -Force.</summary>
    SysprepArgumentRefused,

    /// <summary>The machine is not in a state in which Sysprep can succeed.</summary>
    NotReady,

    /// <summary>A check has found what it was told to fail on.</summary>
    FindingsFailed,

    /// <summary>The process does not run as an elevated administrator (Windows) or as root (Linux).</summary>
    NotElevated,

    /// <summary>The command only works on another system than this one.</summary>
    PlatformNotSupported,

    /// <summary>The system refused something that should have worked; the message has its words.</summary>
    SystemCallFailed,

    /// <summary>An edit of a script has nothing to work on, and what it is for is not so already.</summary>
    EditMatchedNothing,

    /// <summary>An edit of a script cannot be made with certainty.</summary>
    EditNotPossible,

    /// <summary>The machine could not be generalized.</summary>
    DeprovisionFailed,
}
