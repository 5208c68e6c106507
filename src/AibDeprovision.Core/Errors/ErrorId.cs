namespace AibDeprovision;

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

    /// <summary>A file could not be read.</summary>
    ReadFailed,

    /// <summary>No file stands at the path.</summary>
    FileNotFound,

    /// <summary>A registry hive is damaged, or is none.</summary>
    CorruptHive,

    /// <summary>A folder does not hold the system drive of a Windows.</summary>
    NotAWindowsImage,
}
