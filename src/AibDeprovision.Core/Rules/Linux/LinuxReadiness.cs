using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>All that can be known of a Linux machine before waagent deprovisions it.</summary>
internal static class LinuxReadiness
{
    /// <summary>The rules that it can find.</summary>
    public static IEnumerable<Rule> Rules => LinuxReadinessRules.All;

    /// <summary>Looks at a machine, or at a mounted image, and changes nothing.</summary>
    /// <param name="files">The files.</param>
    /// <param name="machine">The machine itself; null for a mounted image, which tells less.</param>
    /// <param name="isWanted">Which rules.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<Finding> Check(ILinuxFiles files, ILinuxSystem? machine, Func<Rule, bool> isWanted, CancellationToken cancel)
    {
        var view = new LinuxView(files, machine);
        IReadOnlyList<Check<LinuxView>> checks = [.. LinuxChecks.All.Where(check => machine is not null || check.ForImages)
            .Select(check => new Check<LinuxView>(check.Rule, seen => check.Ask(seen) is { } finding ? [finding] : []) { Unless = check.Unless })];
        foreach (var finding in Checks.Ask(checks, view, isWanted, LinuxReadinessRules.LinuxCheckFailed, cancel))
        {
            yield return finding;
        }
        // A process that ended meanwhile has left nothing to be looked at.
        foreach (var missed in view.Tree.Unseen.Where(missed => !missed.Key.StartsWith("/proc/", StringComparison.Ordinal)))
        {
            yield return LinuxReadinessRules.LinuxCheckFailed.Finding(("what", PrintableText.Short(missed.Key)), ("reason", PrintableText.Short(missed.Value))) with { File = PrintableText.Short(missed.Key) };
        }
    }
}
