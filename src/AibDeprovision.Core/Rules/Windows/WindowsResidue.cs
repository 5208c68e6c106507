using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Machine.Windows.Offline;

namespace AibDeprovision.Rules.Windows;

/// <summary>What says that a Windows machine has not been generalized, or will not start as a general one.</summary>
internal static class WindowsResidue
{
    private const string Generalize = "Run Sysprep /oobe /generalize /quit as the last step of the build, with the hardened deprovision script or Invoke-AibSysprep.";
    private const string ReadLogs = @"Read System32\Sysprep\Panther\setuperr.log: the first error of the last run is the cause. Then build again from a clean image.";

    // SysprepStatus\GeneralizationState while a run works, and after one that broke off.
    private const int Started = 3;

    // Where Windows is in an image. The letter does not matter there.
    private const string OfflineWindowsFolder = @"C:\Windows";

    /// <summary>Looks at the machine.</summary>
    /// <exception cref="AibException">Something of it cannot be read.</exception>
    public static IReadOnlyList<Finding> Check(IWindowsMachine machine) =>
        Check(SysprepStateReader.Read(machine), machine.Files, new SysprepFiles(machine.WindowsFolder));

    /// <summary>Looks at a mounted image.</summary>
    /// <param name="root">The folder that holds the image's Windows folder.</param>
    /// <param name="warn">Gets what makes the findings doubtful, as sentences.</param>
    /// <exception cref="AibException">The folder holds no Windows, or something of it cannot be read.</exception>
    public static IReadOnlyList<Finding> Check(string root, Action<string> warn) =>
        Check(SysprepStateReader.Read(root, warn), new OfflineFiles(root), new SysprepFiles(OfflineWindowsFolder));

    private static List<Finding> Check(SysprepState state, IFiles files, SysprepFiles where)
    {
        List<Finding> findings = [];
        if (state.Running.Count > 0)
        {
            findings.Add(Error("SysprepRunning", $"Sysprep is still at work ({string.Join(", ", state.Running)}): what is said of the machine now may change.", "Wait for its end: Wait-AibSysprepState.", null));
        }
        if (state.ImageState != ImageStates.GeneralizedToOobe)
        {
            findings.Add(Error("ImageState", MeaningOf(state.ImageState), Generalize, SysprepFiles.StateKey) with { Evidence = state.LastError });
        }
        if (state.StateFile is { } inFile && inFile != ImageStates.GeneralizedToOobe)
        {
            findings.Add(Error("StateFile", $"State.ini says {inFile}, and Setup goes by it as well as by the registry.", Generalize, where.StateFile));
        }
        if (!state.HasSuccessTag)
        {
            findings.Add(Error("SuccessTagMissing", "The mark that Sysprep leaves when it has succeeded is missing: it has not run, or has failed.", ReadLogs, where.SuccessTag));
        }
        if (state.GeneralizationState == Started && state.Running.Count == 0)
        {
            findings.Add(Error("GeneralizationBrokeOff", "GeneralizationState is 3: a run of Sysprep has begun and has not come to its end.", ReadLogs, SysprepFiles.StatusKey));
        }
        findings.AddRange(where.AnswerFiles.Where(files.Exists).Select(file => new Finding
        {
            RuleId = "AnswerFile",
            Severity = Severity.Warning,
            Message = "An answer file is left: Windows goes by it at the first start of every VM made from the image, and it may hold passwords.",
            Remedy = "Remove it before Sysprep runs; the hardened deprovision script does.",
            File = file,
        }));
        return findings;
    }

    private static string MeaningOf(string? imageState) => imageState switch
    {
        null => "There is no image state: the machine has not been generalized.",
        ImageStates.Complete => $"The image state is {imageState}: the machine has not been generalized.",
        ImageStates.Undeployable => $"The image state is {imageState}: a phase of Setup or Sysprep is not finished, and such an image cannot be deployed.",
        ImageStates.GeneralizedToAudit => $"The image state is {imageState}: it is generalized, but would start in audit mode.",
        ImageStates.SpecializedToOobe or ImageStates.SpecializedToAudit => $"The image state is {imageState}: it was sealed without /generalize.",
        _ => $"The image state is {imageState}, which Azure does not take for generalized.",
    };

    private static Finding Error(string rule, string message, string remedy, string? file) => new() { RuleId = rule, Severity = Severity.Error, Message = message, Remedy = remedy, File = file };
}
