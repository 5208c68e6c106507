using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Windows.Offline;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Rules;

/// <summary>Build-specific state left in an image, whichever system it holds.</summary>
internal static class Generalization
{
    private const string WindowsConfiguration = @"C:\Windows\System32\config";

    /// <summary>Looks at a mounted or unpacked image.</summary>
    /// <param name="root">The folder in which the image's file system begins.</param>
    /// <param name="policy">What is meant to stay.</param>
    /// <param name="warn">Gets what makes the findings doubtful, as sentences.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="AibException">
    /// There is no such folder (<see cref="ErrorId.FolderNotFound"/>), it holds neither system (<see cref="ErrorId.NotASystemImage"/>),
    /// or a Windows in it cannot be read.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be looked into.</exception>
    public static IReadOnlyList<Finding> Check(string root, GeneralizationPolicy policy, Action<string> warn, CancellationToken cancel = default) =>
        IsWindows(root) ? WindowsResidue.Check(root, policy, warn) : LinuxResidue.Check(new RootedFiles(root), policy, cancel);

    /// <summary>Whether an image holds a Windows; else it holds a Linux.</summary>
    /// <param name="root">The folder in which the image's file system begins.</param>
    /// <exception cref="AibException">There is no such folder (<see cref="ErrorId.FolderNotFound"/>), or it holds neither system (<see cref="ErrorId.NotASystemImage"/>).</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be looked into.</exception>
    public static bool IsWindows(string root)
    {
        GivenFolder.Require(root, "Mount the image there first, or correct the path.");
        // One that may not be looked into is not taken for an empty one.
        _ = Directory.EnumerateFileSystemEntries(root).Any();
        var tree = new LinuxTree(new RootedFiles(root));
        var isLinux = tree.Exists("/etc/os-release") || tree.Exists("/etc/passwd");
        // A drive of Windows may have an etc\passwd that some program has put there.
        var isWindows = isLinux ? tree.Exists("/Windows/System32/config") : new OfflineFiles(root).Exists(WindowsConfiguration);
        return isWindows || isLinux ? isWindows
            : throw new AibException(ErrorId.NotASystemImage, $"'{root}' holds neither a Linux (etc/os-release or etc/passwd) nor a Windows (Windows/System32/config).",
                "Give the folder where the image's system partition is mounted.", root);
    }
}
