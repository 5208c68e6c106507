using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>All that can be known of a Windows machine before Sysprep runs: the probes, and what takes more than probes.</summary>
internal static class WindowsReadinessChecks
{
    private const string TasksKey = @"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks";

    private static readonly IReadOnlyList<Check<IWindowsImage>> OfImages =
    [
        .. WindowsChecks.All.Where(check => check.ForImages).Select(Of),
        new(WindowsRules.ProviderMissing, WindowsReadiness.MissingProviders),
        new(WindowsReadinessRules.ProviderHidden, WindowsReadiness.HiddenProviders),
        new(WindowsReadinessRules.ShutdownTask, ShutdownTasks),
    ];

    private static readonly IReadOnlyList<Check<IWindowsImage>> OfMachines =
    [
        new(WindowsRules.NotElevated, machine => ((IWindowsMachine)machine).IsElevated ? [] : [WindowsRules.NotElevated.Finding()]),
        .. WindowsChecks.All.Select(Of),
        .. OfImages.Skip(WindowsChecks.All.Count(check => check.ForImages)),
        new(WindowsRules.RunningAsSystem, machine => WindowsReadiness.SystemAccount((IWindowsMachine)machine)),
    ];

    /// <summary>The rules that <see cref="Check(IWindowsMachine, Func{Rule, bool}, TimeSpan, CancellationToken)"/> can find.</summary>
    public static IEnumerable<Rule> Rules =>
        OfMachines.Select(check => check.Rule).Concat(SlowAnswers.Questions.SelectMany(question => question.Rules.Select(rule => rule.Rule))).Append(WindowsReadinessRules.WindowsCheckFailed).Distinct();

    /// <summary>Looks at the machine and changes nothing.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="isWanted">Which rules.</param>
    /// <param name="limit">The longest that the questions to Windows PowerShell may take.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<Finding> Check(IWindowsMachine machine, Func<Rule, bool> isWanted, TimeSpan limit, CancellationToken cancel) =>
        Checks.Ask(OfMachines, machine, isWanted, WindowsReadinessRules.WindowsCheckFailed, cancel).Concat(SlowAnswers.Ask(machine, isWanted, limit, cancel));

    /// <summary>Looks at a mounted image: at what its registry and its files tell.</summary>
    /// <param name="root">The folder that holds the image's Windows folder.</param>
    /// <param name="isWanted">Which rules.</param>
    /// <param name="warn">Gets what makes the findings doubtful, as sentences.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="AibException">The folder holds no Windows, or its registry cannot be read.</exception>
    public static IReadOnlyList<Finding> Check(string root, Func<Rule, bool> isWanted, Action<string> warn, CancellationToken cancel) =>
        SysprepStateReader.Offline(root, warn, image => Checks.Ask(OfImages, image, isWanted, WindowsReadinessRules.WindowsCheckFailed, cancel).ToList());

    private static Check<IWindowsImage> Of(ReadinessCheck check) =>
        new(check.Rule, machine => check.Ask(machine) is { } finding ? [finding] : []) { Unless = check.Unless };

    private static IEnumerable<Finding> ShutdownTasks(IWindowsImage machine) =>
        from task in machine.Registry.SubkeyNames(TasksKey)
        let key = $@"{TasksKey}\{task}"
        where machine.Registry.Value(key, "Actions") is byte[] actions && Names(actions, "shutdown.exe")
        select WindowsReadinessRules.ShutdownTask.Finding(("found", PrintableText.Short(machine.Registry.Value(key, "Path") as string ?? task)));

    // The data are binary, and texts in them begin anywhere.
    private static bool Names(byte[] data, string program) =>
        RegistryData.Utf16(data).IndexOf(program, StringComparison.OrdinalIgnoreCase) >= 0
        || (data.Length > 1 && RegistryData.Utf16([.. data.Skip(1)]).IndexOf(program, StringComparison.OrdinalIgnoreCase) >= 0);
}
