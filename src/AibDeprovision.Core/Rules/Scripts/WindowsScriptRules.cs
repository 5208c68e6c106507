using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Scripts;

/// <summary>The rules about deprovision scripts for Windows, and about scripts that write or patch one.</summary>
internal static class WindowsScriptRules
{
    private const string Switches = "Call Sysprep with /oobe /generalize /quiet /quit.";
    private const string Hardened = "Bound the wait, or use the hardened script of New-AibDeprovisionScript, which ends every wait.";

    /// <summary>Nothing is guessed.</summary>
    public static readonly Rule NotRead = new Rule("ScriptNotRead", RuleKinds.Script, DeprovisionPlatform.Windows, Severity.Information, Certainty.Certain, "A script that is not read",
        "The script is not checked: {found}.", "Look at it yourself, or take that part out.");

    /// <summary>PowerShell does not run any of it.</summary>
    public static readonly Rule SyntaxError = Certain("ScriptSyntaxError", "Windows PowerShell cannot read the script",
        "Windows PowerShell cannot read the script: {error}.", "Correct it: a script that cannot be read does not run at all.");

    /// <summary>The VM has 5.1.</summary>
    public static readonly Rule NewerSyntax = Certain("ScriptNewerSyntax", "Syntax that Windows PowerShell 5.1 does not have",
        "{what}: the build VM runs the script in Windows PowerShell 5.1, which does not run a script with it at all.", "Write it with what Windows PowerShell 5.1 has.");

    /// <summary>By a text between double quotes.</summary>
    public static readonly Rule ExpandedText = Certain("ScriptTextExpanded", "Variables were expanded when the script was written",
        "{what} stands where a variable or a condition was meant: the script was written through double quotes, which expand variables as it is written.", "Write it through single quotes (or a here-string @'...'@), or copy it as a file.");

    /// <summary>Nothing else generalizes.</summary>
    public static readonly Rule SysprepMissing = Certain("SysprepNeverRun", "Sysprep is never run",
        "The script never runs Sysprep: the build succeeds, and the VM is not generalized.", Switches);

    /// <summary>The session of Packer ends with the VM.</summary>
    public static readonly Rule SysprepShutdown = Certain("SysprepShutsDown", "Sysprep shuts the VM down",
        "Sysprep is told to shut the VM down (/shutdown): the build loses its session.", "Use /quit: Azure Image Builder stops the VM itself.")
        with { Fix = "Puts /quit in the place of /shutdown, and waits for the seal as SysprepNotWatched does where nothing waits for it." };

    /// <summary>As above.</summary>
    public static readonly Rule SysprepReboot = Certain("SysprepReboots", "Sysprep restarts the VM",
        "Sysprep is told to restart the VM (/reboot): the build loses its session, and the restart ends the generalized state.", "Use /quit: Azure Image Builder stops the VM itself.")
        with { Fix = "Puts /quit in the place of /reboot, and waits for the seal as SysprepNotWatched does where nothing waits for it." };

    /// <summary>The next start goes into audit mode.</summary>
    public static readonly Rule SysprepAudit = Certain("SysprepAudits", "Sysprep prepares audit mode",
        "Sysprep is told to prepare audit mode (/audit): no VM made from the image is provisioned.", "Use /oobe.")
        with { Fix = "Puts /oobe in the place of /audit." };

    /// <summary>The identity stays.</summary>
    public static readonly Rule SysprepWithoutGeneralize = Certain("SysprepWithoutGeneralize", "Sysprep does not generalize",
        "Sysprep is called without /generalize: the machine keeps its identity, and the image is not generalized.", Switches)
        with { Fix = "Adds /generalize." };

    /// <summary>One of /oobe and /audit has to be there.</summary>
    public static readonly Rule SysprepWithoutOobe = Likely("SysprepWithoutOobe", "Sysprep is not told what the next start is for",
        "Sysprep is called without /oobe.", Switches)
        with { Fix = "Adds /oobe." };

    /// <summary>Its default is to restart.</summary>
    public static readonly Rule SysprepWithoutQuit = Certain("SysprepWithoutQuit", "Sysprep is not told to quit",
        "Sysprep is called without /quit: by default it restarts the VM when it is done, and the build loses its session.", Switches)
        with { Fix = "Adds /quit." };

    /// <summary>Nobody sees its windows.</summary>
    public static readonly Rule SysprepWithoutQuiet = Likely("SysprepWithoutQuiet", "Sysprep may wait at a dialog",
        "Sysprep is called without /quiet: when it refuses, it waits at a dialog that nobody sees.", Switches)
        with { Fix = "Adds /quiet." };

    /// <summary>Azure's documentation says so.</summary>
    public static readonly Rule SysprepAnswerFile = new Rule("SysprepWithAnswerFile", RuleKinds.Script, DeprovisionPlatform.Windows, Severity.Warning, Certainty.Certain, "Sysprep is given an answer file",
        "Sysprep is given an answer file (/unattend): Azure does not support it for generalized images.", "Leave it out: Azure brings an answer file of its own to the first start.")
        with { Fix = "Takes /unattend out." };

    /// <summary>It says how it is used, and does nothing.</summary>
    public static readonly Rule SysprepSwitchUnknown = Likely("SysprepSwitchUnknown", "A switch that Sysprep does not have",
        "Sysprep has no switch '{found}'.", Switches);

    /// <summary>A second run breaks what the first has done.</summary>
    public static readonly Rule SysprepTwice = Likely("SysprepRunTwice", "Sysprep can run twice",
        "Sysprep can run a second time here: it breaks what the first run has done.", "Run it once, and fail when it has not sealed the machine.");

    /// <summary>It is a program with a window.</summary>
    public static readonly Rule SysprepNotWatched = Likely("SysprepNotWatched", "Nobody waits for Sysprep",
        "The script does not wait for Sysprep, which returns at once and works on: the VM is stopped in its midst.", "Wait for its process, and then for the image state.")
        with { Fix = "Waits for the sealed image state after the call, 45 minutes at most, and exits with 1 where it does not come." };

    /// <summary>PowerShell does not set it for a program with a window that is called by itself.</summary>
    public static readonly Rule SysprepExitCode = Likely("SysprepExitCode", "$LASTEXITCODE is not Sysprep's",
        "$LASTEXITCODE is not Sysprep's: PowerShell does not wait for a program with a window, and sets no exit code.", "Start it by Start-Process -Wait -PassThru and look at ExitCode, and verify the image state.");

    /// <summary>An exit code of 0 proves nothing.</summary>
    public static readonly Rule SealNotVerified = Likely("SealNotVerified", "The seal is not verified",
        "The script never looks at the image state: a Sysprep that fails goes unnoticed, and the build succeeds.", "After Sysprep read ImageState below HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State, and fail when it is not IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE.");

    /// <summary>Not one of the six, or not the one that a sealed machine has.</summary>
    public static readonly Rule ImageStateWrong = Certain("ScriptWrongImageState", "The script looks for a wrong image state",
        "The script looks for {found}, and a generalized machine has IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE.", "Compare with IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE.")
        with { Fix = "Compares with IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE." };

    /// <summary>Sysprep that fails leaves another state for ever.</summary>
    public static readonly Rule EndlessSealWait = Likely("EndlessSealWait", "The wait for the seal has no end",
        "The wait for the image state has no limit: when Sysprep fails, the build hangs until its own time limit.", Hardened)
        with { Fix = "Gives the loop a limit of 45 minutes, after which the script exits with 1; another one by -AddTimeout." };

    /// <summary>A service that never runs.</summary>
    public static readonly Rule EndlessServiceWait = Likely("EndlessServiceWait", "The wait for a service has no end",
        "The wait for {service} has no limit: where the service does not start, the build hangs until its own time limit.", Hardened)
        with { Fix = "Gives the loop a limit of 15 minutes, after which the script exits with 1; another one by -AddTimeout." };

    /// <summary>It is part of another service now, so nothing is running that could answer.</summary>
    public static readonly Rule AbsentServiceWait = Certain("AbsentServiceWait", "The script waits for a service that there may not be",
        "The script waits for {service} without asking whether it is installed. Guest agents from 2.7.41491.971 do not have it, and $null -ne 'Running' is true for ever.", "Leave the service out, or wait only where Get-Service finds it.")
        with { Fix = "Waits only where Get-Service finds the service." };

    /// <summary>As above, where it is asked for.</summary>
    public static readonly Rule TelemetryRequired = Likely("TelemetryServiceRequired", "The telemetry service is required",
        "The script ends with an error where WindowsAzureTelemetryService is not installed, and guest agents from 2.7.41491.971 do not have it.", "Leave the service out.");

    /// <summary>Sysprep calls into the agent.</summary>
    public static readonly Rule NoAgentWait = Likely("NoAgentWait", "The guest agent is not waited for",
        "The script does not wait for the guest agent, which takes part in Sysprep and may not be installed yet.", "Wait for RdAgent and WindowsAzureGuestAgent, with a limit.");

    /// <summary>Test-Path knows keys alone.</summary>
    public static readonly Rule TestPathOnValue = Certain("TestPathOnRegistryValue", "Test-Path is asked about a registry value",
        "'{found}' is a value and not a key: Test-Path always says that it is not there.", "Read it by Get-ItemProperty.");

    /// <summary>SystemRoot is C:\Windows itself.</summary>
    public static readonly Rule WindowsTwice = new Rule("WindowsFolderTwice", RuleKinds.Script, DeprovisionPlatform.Windows, Severity.Warning, Certainty.Certain, "A path with the Windows folder twice",
        "'{found}' is never there: SystemRoot is C:\\Windows already.", "Leave out the second 'windows'.")
        with { Fix = "Takes the second 'windows' out of the path." };

    /// <summary>Windows looks in both.</summary>
    public static readonly Rule AnswerFileStays = new Rule("AnswerFileInOnePlace", RuleKinds.Script, DeprovisionPlatform.Windows, Severity.Information, Certainty.Certain, "An answer file is removed in one place only",
        "The script removes {found} alone: Windows takes an answer file from the other place too.", "Remove unattend.xml both from System32\\Sysprep and from Panther.")
        with { Fix = "Removes unattend.xml from the other place too." };

    /// <summary>The text is not what it was.</summary>
    public static readonly Rule ReplaceMatchesNothing = Likely("ReplaceMatchesNothing", "A replacement that changes nothing",
        "'{found}' stands in none of the documented default scripts: the replacement changes nothing, and says nothing.", "Write the whole script instead (New-AibDeprovisionScript), or fail when the text is the same afterwards.");

    /// <summary>The service looks at one path.</summary>
    public static readonly Rule TargetWrong = Likely("ScriptTargetWrong", "The script is written to a path that is not read",
        "'{found}' is not C:\\DeprovisioningScript.ps1, the one path that Azure Image Builder runs.", "Write it to C:\\DeprovisioningScript.ps1.")
        with { Fix = "Writes to C:\\DeprovisioningScript.ps1." };

    /// <summary>Then only a message is printed at the end of the build.</summary>
    public static readonly Rule TargetDeleted = Certain("ScriptTargetDeleted", "The deprovision script is deleted",
        "The deprovision script is deleted before Azure Image Builder runs it: the VM is not generalized.", "Write another script to the path instead.");

    /// <summary>The image needs it on its first start.</summary>
    public static readonly Rule AgentRemoved = Likely("AgentRemoved", "The guest agent is removed or disabled",
        "The script stops, disables or removes the guest agent ({found}), which takes part in Sysprep and provisions every VM made from the image.", "Leave the agent to Sysprep.");

    /// <summary>Packer's way to the VM.</summary>
    public static readonly Rule WinRmClosed = Likely("WinRmClosed", "The build's own way to the VM is closed",
        "The script closes WinRM ({found}), by which the build talks to the VM.", "Leave WinRM alone; Sysprep and the first start set it up anew.");

    /// <summary>Of the build.</summary>
    public static readonly Rule SessionEnds = Certain("ScriptEndsSession", "The script ends its own session",
        "{found} ends the session of the build.", "Leave it out: Azure Image Builder stops the VM itself.");

    /// <summary>The machine is sealed.</summary>
    public static readonly Rule WorkAfterSysprep = Likely("WorkAfterSysprep", "Work that comes after Sysprep",
        "{found} comes after Sysprep: it changes a machine that is generalized already, or needs what Sysprep has taken away.", "Do it before Sysprep.");

    /// <summary>The script is echoed into the log of every build.</summary>
    public static readonly Rule SecretInScript = Likely("SecretInScript", "A secret in clear text",
        "A secret stands in the script in clear text, and Azure Image Builder prints the script into the log of every build.", "Take it from a key vault by the identity of the build VM, and change this one.");

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        NotRead, SyntaxError, NewerSyntax, ExpandedText, SysprepMissing, SysprepShutdown, SysprepReboot, SysprepAudit, SysprepWithoutGeneralize, SysprepWithoutOobe, SysprepWithoutQuit,
        SysprepWithoutQuiet, SysprepAnswerFile, SysprepSwitchUnknown, SysprepTwice, SysprepNotWatched, SysprepExitCode, SealNotVerified, ImageStateWrong, EndlessSealWait,
        EndlessServiceWait, AbsentServiceWait, TelemetryRequired, NoAgentWait, TestPathOnValue, WindowsTwice, AnswerFileStays, ReplaceMatchesNothing, TargetWrong, TargetDeleted,
        AgentRemoved, WinRmClosed, SessionEnds, WorkAfterSysprep, SecretInScript,
    ];

    private static Rule Certain(string id, string title, string message, string remedy) =>
        new(id, RuleKinds.Script, DeprovisionPlatform.Windows, Severity.Error, Certainty.Certain, title, message, remedy);

    private static Rule Likely(string id, string title, string message, string remedy) =>
        new(id, RuleKinds.Script, DeprovisionPlatform.Windows, Severity.Warning, Certainty.Likely, title, message, remedy);
}
