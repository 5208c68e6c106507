using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Windows;

/// <summary>The rules about Windows machines. Only what is certain is an error, and only an error stops a deprovision.</summary>
internal static class WindowsRules
{
    private const string RestartLast = "Make WindowsRestart the last customizer.";
    private const string CleanImage = "Build from a clean image.";
    private const string Generalize = "Run Sysprep /oobe /generalize /quit as the last step of the build, with the hardened deprovision script or Invoke-AibSysprep.";
    private const string ReadLogs = @"Read System32\Sysprep\Panther\setuperr.log: the first error of the last run is the cause. Then build again from a clean image.";

    /// <summary>Sysprep asks for it.</summary>
    public static readonly Rule NotElevated = Readiness("NotElevated", Severity.Error, Certainty.Certain, "No elevated administrator",
        "Sysprep needs an elevated administrator.", "Use runElevated: true in the customizer, or an elevated PowerShell.")
        with { Prevents = "Sysprep ends at once without having done anything.", Scenario = "not-elevated" };

    /// <summary>Windows shows it other files and keys.</summary>
    public static readonly Rule Redirected = Readiness("Redirected", Severity.Error, Certainty.Certain, "A 32-bit process on 64-bit Windows",
        "This is a 32-bit process on 64-bit Windows, which is shown other files and keys than Sysprep is.", @"Use the PowerShell of C:\Windows\System32, or of C:\Windows\sysnative from a 32-bit program.".Replace("\\\\", "\\"))
        with { Prevents = "The checks and the script look at other files and keys than Sysprep does." };

    /// <summary>It is at work.</summary>
    public static readonly Rule SysprepRunning = Both("SysprepRunning", Severity.Error, Certainty.Certain, "Sysprep is at work",
        "Sysprep is at work ({found}): a second run breaks the first, and what is said of the machine now may change.",
        "Wait for its end, and leave Sysprep to the last step of the build.")
        with { Prevents = "Two runs of Sysprep break each other, and the machine is undeployable.", Scenario = "sysprep-running" };

    /// <summary>The next start goes into OOBE, and it is known from the registry's side and from Setup's.</summary>
    public static readonly Rule AlreadyGeneralized = Readiness("AlreadyGeneralized", Severity.Error, Certainty.Certain, "Generalized already",
        "The machine is generalized already: a customizer has run Sysprep, and a second run breaks what the first has done.", "Leave Sysprep to the last step of the build.")
        with { Prevents = "A second run breaks what the first has done, and the image does not start.", Scenario = "earlier-run-sealed" };

    /// <summary>Working machines with this state have been seen.</summary>
    public static readonly Rule SealedStateOnly = Readiness("SealedStateOnly", Severity.Warning, Certainty.Likely, "The image state says sealed, the next start does not",
        "The image state is {found} already, but the next start is not set up for OOBE.", "Leave Sysprep to the last step of the build.")
        with { Prevents = "A machine is taken for sealed that is not, or one that is sealed is generalized twice.", Scenario = "earlier-run-sealed" };

    /// <summary>Normal while somebody is at work, final when nobody is.</summary>
    public static readonly Rule SetupUnfinished = Readiness("SetupUnfinished", Severity.Error, Certainty.Certain, "Setup or Sysprep broke off",
        "The image state is {found} although Sysprep does not run: Setup never ended, or an earlier Sysprep run broke off.", CleanImage)
        with { Prevents = "Sysprep fails, and VMs from such an image never get through their first start.", Scenario = "earlier-run-broke-off" };

    /// <summary>Healthy machines with other values have been seen.</summary>
    public static readonly Rule GeneralizationBrokeOff = Both("GeneralizationBrokeOff", Severity.Warning, Certainty.Likely, "An earlier Sysprep run may be half done",
        "GeneralizationState is {found} instead of 7: an earlier Sysprep run may be half done, and the next one may break on it (0x0f0073).", CleanImage)
        with { Prevents = "Sysprep runs none of its parts, as the recorded state is invalid (0x0f0073, hr 0x8007001f).", Scenario = "earlier-run-half-done" };

    /// <summary>The servicing stack says so.</summary>
    public static readonly Rule RestartPending = Readiness("RestartPending", Severity.Warning, Certainty.Likely, "An update waits for a restart",
        "An update waits for a restart, and Sysprep may refuse until then.", RestartLast)
        with { Prevents = "Sysprep's validation refuses, as updates require a restart.", Scenario = "refused-restart-pending" };

    /// <summary>Windows Update says so.</summary>
    public static readonly Rule RestartRequired = Readiness("RestartRequired", Severity.Warning, Certainty.Likely, "Windows Update asks for a restart",
        "Windows Update asks for a restart.", RestartLast)
        with { Prevents = "Sysprep's validation refuses, as updates require a restart.", Scenario = "refused-restart-pending" };

    /// <summary>Sysprep loads each provider, and breaks on one that is not there.</summary>
    public static readonly Rule ProviderMissing = Readiness("ProviderMissing", Severity.Error, Certainty.Certain, "A Sysprep provider's DLL is missing",
        @"The provider {provider} under SysPrepExternal\{part} is registered, but {path} is missing; Sysprep would break on it.", "Take it out of the registry: -RemoveSysprepProvider {provider}, or Repair-AibDeprovisionReadiness ProviderMissing.")
        with { Prevents = "Sysprep cannot load the DLL (0x0f0085) and leaves the machine undeployable half way.", Scenario = "provider-missing" };

    /// <summary>Not an error: the account under which a build's last step runs is not the user's choice everywhere.</summary>
    public static readonly Rule RunningAsSystem = Readiness("RunningAsSystem", Severity.Warning, Certainty.Certain, "Sysprep runs as SYSTEM",
        "Running as SYSTEM; Windows 11 24H2, Server 2025 and later do not support Sysprep from SYSTEM (black screen at first logon).", "Use runElevated: true without runAsSystem in the customizer.")
        with { Prevents = "The first logon to a VM from the image shows a black screen.", Scenario = "as-system" };

    /// <summary>Any state but the one.</summary>
    public static readonly Rule ImageState = Residue("ImageState", Severity.Error, Certainty.Certain, "The image state is not that of a generalized machine",
        "The image state is {found}: {meaning}.", Generalize);

    /// <summary>Beside a registry that says sealed.</summary>
    public static readonly Rule StateFile = Residue("StateFile", Severity.Warning, Certainty.Likely, "State.ini has another image state",
        "State.ini says {found}, and Setup may go by it as well as by the registry.", Generalize);

    /// <summary>Written on success, deleted at the begin of a run.</summary>
    public static readonly Rule SuccessTagMissing = Residue("SuccessTagMissing", Severity.Error, Certainty.Certain, "Sysprep's mark of success is missing",
        "The mark that Sysprep leaves when it has succeeded is missing: it has not run, or has failed.", ReadLogs);

    /// <summary>Windows finds it by itself.</summary>
    public static readonly Rule AnswerFile = Both("AnswerFile", Severity.Warning, Certainty.Likely, "An answer file is left",
        "An answer file is left: Windows goes by it at the first start of every VM made from the image, and it may hold passwords.", "Remove it before Sysprep runs: Repair-AibDeprovisionReadiness AnswerFile; the hardened deprovision script does so by itself.")
        with { Prevents = "Sysprep follows the answer file against its command line, or the first start of a VM does.", Scenario = "unattend-in-sysprep" };

    /// <summary>The proof of a seal that the registry has besides the state.</summary>
    public static readonly Rule NextStartNotArmed = Residue("NextStartNotArmed", Severity.Warning, Certainty.Likely, "The next start is not set up for OOBE",
        "The image state says sealed, but the next start is not set up for it: SetupType is {type} instead of 2, or CmdLine ({command}) does not start windeploy.exe.", Generalize);

    /// <summary>Setup removes those that it has used; this one is there.</summary>
    public static readonly Rule AnswerFilePassword = Residue("AnswerFilePassword", Severity.Error, Certainty.Certain, "An answer file holds a password",
        "An answer file holds a password, plain or merely encoded: whoever has a VM from the image can read it.", "Remove the file in the last step of the build, and change the password wherever it is used.");

    /// <summary>Made at the build user's first logon.</summary>
    public static readonly Rule BuildUserProfile = Residue("BuildUserProfile", Severity.Information, Certainty.Likely, "The build user's profile is in the image",
        "The profile of a user that was made for the build is in the image, with whatever its programs have written there.", "");

    /// <summary>Packer removes it after each elevated step.</summary>
    public static readonly Rule PackerElevatedScript = Residue("PackerElevatedScript", Severity.Error, Certainty.Certain, "Packer's script of an elevated step is left",
        "A script through which Packer ran an elevated step is left; it holds the name and the password of the build's user.", "Remove it in the last step of the build, and look why Packer could not: a step that restarted the VM, for one.");

    /// <summary>Packer removes it after each elevated step.</summary>
    public static readonly Rule PackerTask = Residue("PackerTask", Severity.Warning, Certainty.Certain, "A scheduled task of Packer is left",
        "A scheduled task through which Packer ran an elevated step is left.", "Remove it in the last step of the build: schtasks /delete.");

    /// <summary>Whatever was typed in an interactive session.</summary>
    public static readonly Rule PowerShellHistory = Residue("PowerShellHistory", Severity.Warning, Certainty.Certain, "A history of PowerShell is left",
        "A history of commands of PowerShell is left; people type secrets into commands.", "Remove it in the last step of the build.");

    /// <summary>Of tools that the build has logged in with.</summary>
    public static readonly Rule ProfileCredentials = Residue("ProfileCredentials", Severity.Warning, Certainty.Likely, "A user's tools are logged in",
        "A login of command line tools is in a user's profile: every VM made from the image has it.", "Log out in the build (az logout, Disconnect-AzAccount, docker logout and so on), or remove it in the last step.");

    /// <summary>They are in every image, and tell of the build VM.</summary>
    public static readonly Rule SetupLogs = Residue("SetupLogs", Severity.Information, Certainty.Certain, "Logs of Setup and Sysprep are in the image",
        "A log of Setup or Sysprep is in the image; it tells about the build VM.", "");

    /// <summary>Of a run that has not sealed the machine.</summary>
    public static readonly Rule SysprepError = new("SysprepError", RuleKinds.Failure, DeprovisionPlatform.Windows, Severity.Error, Certainty.Certain, "Sysprep has failed and logged an error",
        "Sysprep has logged an error in a run that did not seal the machine.", "The first error is the cause, the later ones mostly follow from it: remove what it names from the image, and build again.");

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        NotElevated, Redirected, SysprepRunning, AlreadyGeneralized, SealedStateOnly, SetupUnfinished, GeneralizationBrokeOff, RestartPending, RestartRequired, ProviderMissing, RunningAsSystem,
        ImageState, StateFile, SuccessTagMissing, AnswerFile, SysprepError,
        .. WindowsReadinessRules.All,
        NextStartNotArmed, AnswerFilePassword, BuildUserProfile, PackerElevatedScript, PackerTask, PowerShellHistory, ProfileCredentials, SetupLogs,
    ];

    private static Rule Readiness(string id, Severity severity, Certainty certainty, string title, string message, string remedy) =>
        new(id, RuleKinds.Readiness, DeprovisionPlatform.Windows, severity, certainty, title, message, remedy);

    private static Rule Residue(string id, Severity severity, Certainty certainty, string title, string message, string remedy) =>
        new(id, RuleKinds.Residue, DeprovisionPlatform.Windows, severity, certainty, title, message, remedy);

    private static Rule Both(string id, Severity severity, Certainty certainty, string title, string message, string remedy) =>
        new(id, RuleKinds.Readiness | RuleKinds.Residue, DeprovisionPlatform.Windows, severity, certainty, title, message, remedy);
}
