namespace AibDeprovision.Machine.Windows;

/// <summary>Where Sysprep keeps things (learn.microsoft.com/windows-hardware/manufacture/desktop/windows-setup-log-files-and-event-logs).</summary>
internal sealed class SysprepFiles(string windowsFolder)
{
    /// <summary>Where Setup and Sysprep write the image state.</summary>
    public const string StateKey = SetupKey + @"\State";

    /// <summary>The providers that take part in Sysprep and do not belong to Windows.</summary>
    public const string ProvidersKey = SetupKey + @"\SysPrepExternal";

    /// <summary>How far a run has come.</summary>
    public const string StatusKey = @"HKLM\SYSTEM\Setup\Status\SysprepStatus";

    /// <summary>What Windows does at its next start.</summary>
    public const string NextStartKey = @"HKLM\SYSTEM\Setup";

    /// <summary>The folder from which a feature update runs a SetupHost of its own.</summary>
    public const string UpdateFolder = "$WINDOWS.~BT";

    private const string SetupKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup";

    /// <summary>The processes that do its work.</summary>
    public static readonly IReadOnlyList<string> Programs = ["sysprep", "SetupHost"];

    /// <summary>The answer files' paths below the folder of Windows.</summary>
    public static readonly IReadOnlyList<string> AnswerFilesBelow = [@"\System32\Sysprep\unattend.xml", @"\Panther\unattend.xml"];

    /// <summary>Whether a process of one of those names is a feature update's and not Sysprep's.</summary>
    /// <param name="path">Its program; null where that cannot be said.</param>
    public static bool IsOfUpdate(string? path) => path?.IndexOf($@"\{UpdateFolder}\", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>The names of Sysprep's processes that run on a machine.</summary>
    public static IReadOnlyList<string> RunningOn(IWindowsMachine machine) =>
        [.. machine.RunningOf(Programs).Where(process => !IsOfUpdate(process.Path)).Select(process => process.Name).Distinct(StringComparer.OrdinalIgnoreCase)];

    public string System32 { get; } = windowsFolder + @"\System32";

    public string Program => System32 + @"\Sysprep\Sysprep.exe";

    /// <summary>Written when a run has succeeded, deleted when one begins.</summary>
    public string SuccessTag => System32 + @"\Sysprep\Sysprep_succeeded.tag";

    /// <summary>The image state once more, as Setup writes it beside the registry.</summary>
    public string StateFile => windowsFolder + @"\Setup\State\State.ini";

    /// <summary>Answer files that Sysprep finds by itself, and follows against the command line.</summary>
    public IReadOnlyList<string> AnswerFiles => [.. AnswerFilesBelow.Select(file => windowsFolder + file)];

    /// <summary>The log of the errors, and the log of everything.</summary>
    public IReadOnlyList<string> Logs => [Log("setuperr"), Log("setupact")];

    /// <summary>Where it keeps its logs.</summary>
    public string PantherFolder => System32 + @"\Sysprep\Panther";

    public string Log(string name) => $@"{PantherFolder}\{name}.log";
}
