using System.Management.Automation;

namespace AibDeprovision.Errors;

/// <summary>The one place where error records are made.</summary>
internal static class ErrorRecords
{
    /// <summary>
    /// The record of an error: its stable id, its category, the input at fault, and what to do next. The advice is in the
    /// details alone: as a recommended action too, PowerShell 7 shows it twice, and Windows PowerShell never shows that.
    /// </summary>
    public static ErrorRecord From(AibException error) =>
        new(error, error.Id.ToString(), CategoryOf(error.Id), error.Target)
        {
            ErrorDetails = new ErrorDetails(error.Explanation),
        };

    /// <summary>The category of an error.</summary>
    public static ErrorCategory CategoryOf(ErrorId id) => id switch
    {
        ErrorId.OptionNotForPlatform or ErrorId.OptionNotForProfile or ErrorId.UnknownGenericVersion
            or ErrorId.InvalidOptionValue or ErrorId.NotAFileSystemPath or ErrorId.UnknownScenario or ErrorId.NotAScript
            or ErrorId.NotAWindowsImage or ErrorId.NotASystemImage or ErrorId.SysprepArgumentRefused => ErrorCategory.InvalidArgument,
        ErrorId.FolderNotFound or ErrorId.FileNotFound or ErrorId.ServiceNotInstalled or ErrorId.UnknownRule => ErrorCategory.ObjectNotFound,
        ErrorId.FileExists => ErrorCategory.ResourceExists,
        ErrorId.FileReadOnly or ErrorId.AccessDenied or ErrorId.NotElevated => ErrorCategory.PermissionDenied,
        ErrorId.ReadFailed => ErrorCategory.ReadError,
        ErrorId.WriteFailed => ErrorCategory.WriteError,
        ErrorId.LinkInPath => ErrorCategory.SecurityError,
        ErrorId.EditMatchedNothing => ErrorCategory.ObjectNotFound,
        ErrorId.EditNotPossible => ErrorCategory.InvalidData,
        ErrorId.ReadBackMismatch or ErrorId.CorruptHive => ErrorCategory.InvalidData,
        ErrorId.WrongPlatform or ErrorId.NotReady => ErrorCategory.InvalidOperation,
        ErrorId.PlatformNotSupported => ErrorCategory.NotEnabled,
        ErrorId.ServiceDisabled or ErrorId.SystemCallFailed => ErrorCategory.ResourceUnavailable,
        ErrorId.ServiceNotRunning or ErrorId.NotProvisioned or ErrorId.ImageStateNotReached or ErrorId.SysprepTimedOut => ErrorCategory.OperationTimeout,
        ErrorId.SysprepNotSealed or ErrorId.DeprovisionFailed or ErrorId.FindingsFailed => ErrorCategory.InvalidResult,
        ErrorId.SysprepNotStarted => ErrorCategory.OpenError,
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "This error has no category."),
    };
}
