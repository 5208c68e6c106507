using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>A Windows that does not run: an image that is mounted, or unpacked, in a folder of this machine.</summary>
internal sealed class OfflineWindows : IWindowsImage, IDisposable
{
    private const string Configuration = @"C:\Windows\System32\config\";

    private OfflineWindows(string root, OfflineFiles files, OfflineRegistry registry)
    {
        Root = root;
        Files = files;
        Registry = registry;
    }

    /// <summary>The folder that holds the image's Windows folder.</summary>
    public string Root { get; }

    /// <summary>Its files.</summary>
    public OfflineFiles Files { get; }

    /// <summary>Its registry.</summary>
    public OfflineRegistry Registry { get; }

    /// <summary>Where Windows is in an image. The letter does not matter there.</summary>
    public string WindowsFolder => @"C:\Windows";

    IRegistry IWindowsImage.Registry => Registry;

    IFiles IWindowsImage.Files => Files;

    /// <summary>Opens an image. Its hives are found, and read only once something is asked of them.</summary>
    /// <param name="root">The folder that holds the image's Windows folder.</param>
    /// <exception cref="AibException">
    /// There is no such folder (<see cref="ErrorId.FolderNotFound"/>), it holds no Windows
    /// (<see cref="ErrorId.NotAWindowsImage"/>), or the way to the hives leads over a link.
    /// </exception>
    public static OfflineWindows Open(string root)
    {
        GivenFolder.Require(root, "Mount the image there first, or correct the path.");
        var files = new OfflineFiles(root);
        return new OfflineWindows(root, files, new OfflineRegistry(Hive(files, root, "SOFTWARE"), Hive(files, root, "SYSTEM")));
    }

    /// <inheritdoc/>
    public void Dispose() => Registry.Dispose();

    private static string Hive(OfflineFiles files, string root, string name) =>
        files.Locate(Configuration + name) ?? throw new AibException(ErrorId.NotAWindowsImage, $"'{root}' holds no Windows: there is no Windows/System32/config/{name} in it.",
            "Give the folder where the image's system drive is mounted: the one that holds Windows, with the registry hives SOFTWARE and SYSTEM in Windows/System32/config.", root);
}
