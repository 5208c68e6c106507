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

    private const string StillAtWork = "The build may still be at work here.";

    /// <summary>Looks at the machine. What a build leaves on its disk is only told: it may still be at work.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="policy">What is meant to stay.</param>
    /// <param name="warn">Gets what could not be looked at, as sentences.</param>
    /// <exception cref="AibException">Something of it cannot be read.</exception>
    public static IReadOnlyList<Finding> Check(IWindowsMachine machine, GeneralizationPolicy policy, Action<string> warn) =>
        Check(SysprepStateReader.Read(machine), machine.Files, machine.WindowsFolder, policy, StillAtWork, warn);

    /// <summary>Looks at a mounted image.</summary>
    /// <param name="root">The folder that holds the image's Windows folder.</param>
    /// <param name="policy">What is meant to stay.</param>
    /// <param name="warn">Gets what makes the findings doubtful, as sentences.</param>
    /// <exception cref="AibException">The folder holds no Windows, or something of it cannot be read.</exception>
    public static IReadOnlyList<Finding> Check(string root, GeneralizationPolicy policy, Action<string> warn) =>
        Check(SysprepStateReader.Read(root, warn), new OfflineFiles(root), OfflineWindowsFolder, policy, onlyTold: null, warn);

    private static List<Finding> Check(SysprepState state, IFiles files, string windows, GeneralizationPolicy policy, string? onlyTold, Action<string> warn)
    {
        var findings = OfState(state, files, new SysprepFiles(windows));
        var report = new ResidueReport(policy);
        if (state.ImageState == ImageStates.GeneralizedToOobe && !state.IsNextStartArmed)
        {
            var rule = WindowsRules.NextStartNotArmed.Finding(("type", state.SetupType is { } type ? FormattableString.Invariant($"{type}") : "missing"), ("command", string.IsNullOrEmpty(state.CmdLine) ? "empty" : state.CmdLine!));
            findings.Add((onlyTold is null ? rule : rule with { Severity = Severity.Information, Message = $"{rule.Message} {onlyTold}", Remedy = null }) with { File = SysprepFiles.NextStartKey });
        }
        new WindowsLeftovers(files, windows, report, onlyTold, warn).Check(policy.Users);
        findings.AddRange(report.Findings);
        return findings;
    }

    private static List<Finding> OfState(SysprepState state, IFiles files, SysprepFiles where)
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
