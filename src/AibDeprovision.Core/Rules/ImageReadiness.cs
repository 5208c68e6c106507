using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Rules;

/// <summary>Whether a mounted image can be generalized, whichever system it holds: what its files and its registry tell.</summary>
internal static class ImageReadiness
{
    /// <summary>The rules of either system.</summary>
    public static IEnumerable<Rule> Rules => WindowsReadinessChecks.Rules.Concat(LinuxReadiness.Rules);

    /// <summary>Looks at it.</summary>
    /// <param name="root">The folder in which the image's file system begins.</param>
    /// <param name="isWanted">Which rules.</param>
    /// <param name="warn">Gets what makes the findings doubtful, as sentences.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="AibException">There is no such folder, it holds neither system, or a Windows in it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be looked into.</exception>
    public static IReadOnlyList<Finding> Check(string root, Func<Rule, bool> isWanted, Action<string> warn, CancellationToken cancel) => Generalization.IsWindows(root)
        ? WindowsReadinessChecks.Check(root, isWanted, warn, cancel)
        : [.. LinuxReadiness.Check(new RootedFiles(root), machine: null, isWanted, cancel)];

    /// <summary>The error by which a machine is refused; null where no finding is of the severity or above.</summary>
    public static AibException? FailureOf(IReadOnlyList<Finding> findings, Severity severity)
    {
        List<Finding> failing = [.. findings.Where(finding => finding.Severity >= severity)];
        return failing.Count == 0 ? null : new AibException(ErrorId.NotReady,
            $"Not ready to be generalized: {failing.Count} of {findings.Count} findings are of the severity {severity} or above, first {failing[0].RuleId}: {failing[0].Message}",
            "Mend what the findings name; Repair-AibDeprovisionReadiness mends a part of it.", failing);
    }
}
