using System.ComponentModel;
using System.Management.Automation;
using AibDeprovision.Errors;

namespace AibDeprovision.Commands;

/// <summary>What the cmdlets share: errors of the core become error records, paths become file system paths.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class AibCommand : PSCmdlet
{
    /// <summary>
    /// Does one item's work. An error of ours is written, and the next item gets its turn, unless no item can be worked
    /// on here; anything else, a stopped pipeline above all, goes its way.
    /// </summary>
    private protected void ForThisItem(Action work)
    {
        AibException error;
        try
        {
            work();
            return;
        }
        catch (AibException e)
        {
            error = e;
        }
        if (error.Id == ErrorId.PlatformNotSupported)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
        WriteError(ErrorRecords.From(error));
    }

    /// <summary>The full path in the file system that a path, relative or on a drive of PowerShell's, stands for. Wildcards are not expanded.</summary>
    private protected string FileSystemPath(string path)
    {
        string full;
        ProviderInfo provider;
        try
        {
            full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or PSArgumentException)
        {
            throw new AibException(ErrorId.NotAFileSystemPath, $"'{path}' does not lead to a file system: {e.Message}", "Name a file on a drive that exists.", path, e);
        }
        return provider.Name == "FileSystem" ? full
            : throw new AibException(ErrorId.NotAFileSystemPath, $"'{path}' is a path of {provider.Name}, not of a file system.", "Name a file.", path);
    }

    /// <summary>The files that a path with or without wildcards stands for; one that leads nowhere is written as an error and gives none.</summary>
    private protected IReadOnlyList<string> FileSystemPaths(string path)
    {
        IReadOnlyList<string> files = [];
        ForThisItem(() =>
        {
            files = WildcardPattern.ContainsWildcardCharacters(path)
                ? [.. SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _)]
                : [FileSystemPath(path)];
        });
        return files;
    }
}
