using AibDeprovision.Errors;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine.Windows.Offline;
using AibDeprovision.Rules;

namespace AibDeprovision.Machine.Windows;

/// <summary>Reads how far a machine has been generalized.</summary>
internal static class SysprepStateReader
{
    // Where Windows is in an image. The letter does not matter there.
    private const string OfflineWindowsFolder = @"C:\Windows";

    /// <summary>Reads it from the machine.</summary>
    /// <exception cref="AibException">Something of it cannot be read.</exception>
    public static SysprepState Read(IWindowsMachine machine) =>
        Read(machine.Registry, machine.Files, new SysprepFiles(machine.WindowsFolder)) with { Running = SysprepFiles.RunningOn(machine) };

    /// <summary>Reads it from a mounted image.</summary>
    /// <param name="root">The folder that holds the image's Windows folder.</param>
    /// <param name="warn">Gets what makes the answer doubtful, as sentences.</param>
    /// <exception cref="AibException">The folder holds no Windows, or something of it cannot be read.</exception>
    public static SysprepState Read(string root, Action<string> warn) =>
        Offline(root, warn, windows => Read(windows.Registry, windows.Files, new SysprepFiles(OfflineWindowsFolder)) with { Root = windows.Root });

    /// <summary>The image state of a mounted image, and nothing else of it; null where there is none.</summary>
    /// <param name="root">The folder that holds the image's Windows folder.</param>
    /// <param name="warn">Gets what makes the answer doubtful, as sentences.</param>
    /// <exception cref="AibException">The folder holds no Windows, or its registry cannot be read.</exception>
    public static string? ImageState(string root, Action<string> warn) => Offline(root, warn, windows => ImageState(windows.Registry));

    /// <summary>The image state of the registry, fit to be shown; null where there is none.</summary>
    public static string? ImageState(IRegistry registry) =>
        registry.Value(SysprepFiles.StateKey, "ImageState") is string state ? PrintableText.Short(state) : null;

    /// <summary>How far generalizing has come, by Windows' own numbers; null where the registry does not say.</summary>
    public static int? GeneralizationState(IRegistry registry) => registry.Value(SysprepFiles.StatusKey, "GeneralizationState") as int?;

    /// <summary>Reads something of a mounted image, and warns where it may be out of date.</summary>
    /// <exception cref="AibException">The folder holds no Windows, or its registry cannot be read.</exception>
    public static T Offline<T>(string root, Action<string> warn, Func<OfflineWindows, T> read)
    {
        using var windows = OfflineWindows.Open(root);
        var answer = read(windows);
        foreach (var hive in windows.Registry.DirtyHives)
        {
            warn($"Windows had not finished writing the registry hive '{hive}', and what is said of the image may be out of date: "
                + "take the image from a machine that was shut down cleanly, or load the hive with 'reg load' on Windows, which applies its logs.");
        }
        return answer;
    }

    private static SysprepState Read(IRegistry registry, IFiles files, SysprepFiles where) => new()
    {
        ImageState = ImageState(registry),
        StateFile = StateOf(files.ReadText(where.StateFile)),
        GeneralizationState = GeneralizationState(registry),
        CleanupState = registry.Value(SysprepFiles.StatusKey, "CleanupState") as int?,
        SetupType = registry.Value(SysprepFiles.NextStartKey, "SetupType") as int?,
        CmdLine = registry.Value(SysprepFiles.NextStartKey, "CmdLine") is string command ? PrintableText.Short(command) : null,
        HasSuccessTag = files.Exists(where.SuccessTag),
        LastError = SysprepFindings.OfLastRun(files, where).Select(f => f.Message).FirstOrDefault(),
    };

    // [State]
    // ImageState=IMAGE_STATE_COMPLETE
    private static string? StateOf(string? ini)
    {
        using var lines = new StringReader(ini ?? "");
        while (lines.ReadLine() is { } line)
        {
            var at = line.IndexOf('=');
            if (at > 0 && line.Substring(0, at).Trim().Equals("ImageState", StringComparison.OrdinalIgnoreCase))
            {
                return PrintableText.Short(line.Substring(at + 1).Trim().Trim('"'));
            }
        }
        return null;
    }

    /// <summary>The image state that somebody has asked for, in Windows' own letters.</summary>
    /// <exception cref="AibException">Windows has no such state, so it could never come.</exception>
    public static string Known(string state) => ImageStates.All.FirstOrDefault(known => known.Equals(state, StringComparison.OrdinalIgnoreCase))
        ?? throw new AibException(ErrorId.InvalidOptionValue, $"'{state}' is no image state of Windows.", $"Use one of: {string.Join(", ", ImageStates.All)}.", state);
}
