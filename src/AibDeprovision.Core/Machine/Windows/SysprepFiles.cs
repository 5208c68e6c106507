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

    private const string SetupKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup";

    /// <summary>The processes that do its work.</summary>
    public static readonly IReadOnlyList<string> Programs = ["sysprep", "SetupHost"];

    public string System32 { get; } = windowsFolder + @"\System32";

    public string Program => System32 + @"\Sysprep\Sysprep.exe";

    /// <summary>Written when a run has succeeded, deleted when one begins.</summary>
    public string SuccessTag => System32 + @"\Sysprep\Sysprep_succeeded.tag";

    /// <summary>The image state once more, as Setup writes it beside the registry.</summary>
    public string StateFile => windowsFolder + @"\Setup\State\State.ini";

    /// <summary>Answer files that Sysprep finds by itself, and follows against the command line.</summary>
    public IReadOnlyList<string> AnswerFiles => [System32 + @"\Sysprep\unattend.xml", windowsFolder + @"\Panther\unattend.xml"];

    /// <summary>The log of the errors, and the log of everything.</summary>
    public IReadOnlyList<string> Logs => [Log("setuperr"), Log("setupact")];

    public string Log(string name) => $@"{System32}\Sysprep\Panther\{name}.log";
}
