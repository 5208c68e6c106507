using System.ComponentModel;
using System.Management.Automation;
using System.Security;
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
    /// <param name="work">The work.</param>
    /// <param name="input">The item, as it was given: the target of an error that the file system raises.</param>
    private protected void ForThisItem(Action work, object? input = null)
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            input ??= MyInvocation.MyCommand.Name;
            error = e is IOException
                ? new AibException(ErrorId.ReadFailed, $"'{input}' cannot be used: {e.Message}", "Correct the path, or look at the disk.", input, e)
                : new AibException(ErrorId.AccessDenied, $"Access to '{input}' was refused: {e.Message}", "Look at its permissions, or run elevated (on Linux: sudo).", input, e);
        }
        if (error.Id == ErrorId.PlatformNotSupported)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
        WriteError(ErrorRecords.From(error));
    }

    /// <summary>Does what all items need; an error of ours ends the call.</summary>
    private protected void ForThisCall(Action work)
    {
        try
        {
            work();
        }
        catch (AibException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
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

    /// <summary>The files that a path with or without wildcards stands for; one that leads to none is written as an error.</summary>
    private protected IReadOnlyList<string> FileSystemPaths(string path)
    {
        IReadOnlyList<string> files = [];
        ForThisItem(() =>
        {
            files = WildcardPattern.ContainsWildcardCharacters(path) ? [.. Matching(path)] : [FileSystemPath(path)];
            if (files.Count == 0)
            {
                // The engine finds no file where it may not look.
                var folder = System.IO.Path.GetDirectoryName(FileSystemPath(path));
                if (!WildcardPattern.ContainsWildcardCharacters(folder) && Directory.Exists(folder))
                {
                    _ = Directory.EnumerateFileSystemEntries(folder).Any();
                }
                // To go on in silence would be a check that has checked nothing.
                throw new AibException(ErrorId.FileNotFound, $"No file matches '{path}'.", "Correct the path.", path);
            }
        }, path);
        return files;
    }

    private IEnumerable<string> Matching(string pattern)
    {
        try
        {
            return SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out _).Where(File.Exists);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            return [];
        }
    }
}
