using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Machine.Windows.Offline;

namespace AibDeprovision.Rules.Windows;

/// <summary>What says that a Windows machine has not been generalized, or will not start as a general one.</summary>
internal static class WindowsResidue
{
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
            findings.Add(WindowsRules.SysprepRunning.Finding(("found", string.Join(", ", state.Running))));
        }
        if (state.ImageState != ImageStates.GeneralizedToOobe)
        {
            findings.Add(WindowsRules.ImageState.Finding(("found", state.ImageState ?? "missing"), ("meaning", MeaningOf(state.ImageState))) with { File = SysprepFiles.StateKey, Evidence = state.LastError });
        }
        if (state.StateFile is { } inFile && inFile != ImageStates.GeneralizedToOobe)
        {
            findings.Add(WindowsRules.StateFile.Finding(("found", inFile)) with { File = where.StateFile });
        }
        if (!state.HasSuccessTag)
        {
            findings.Add(WindowsRules.SuccessTagMissing.Finding() with { File = where.SuccessTag });
        }
        if (state.GeneralizationState == Started && state.Running.Count == 0)
        {
            findings.Add(WindowsRules.GeneralizationBrokeOff.Finding(("found", $"{Started}")) with { File = SysprepFiles.StatusKey });
        }
        findings.AddRange(where.AnswerFiles.Where(files.Exists).Select(file => WindowsRules.AnswerFile.Finding() with { File = file }));
        return findings;
    }

    private static string MeaningOf(string? imageState) => imageState switch
    {
        null or ImageStates.Complete => "the machine has not been generalized",
        ImageStates.Undeployable => "a phase of Setup or Sysprep is not finished, and such an image cannot be deployed",
        ImageStates.GeneralizedToAudit => "it is generalized, but would start in audit mode",
        ImageStates.SpecializedToOobe or ImageStates.SpecializedToAudit => "it was sealed without /generalize",
        _ => "Azure does not take it for generalized",
    };
}
