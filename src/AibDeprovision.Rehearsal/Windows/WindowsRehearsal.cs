using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows;

/// <summary>One script under many scenarios, in this process.</summary>
internal static class WindowsRehearsal
{
    /// <summary>Runs a script under each scenario; the results come in the order of the scenarios, each as soon as it can.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<RehearsalResult> Run(string script, IReadOnlyList<Scenario> scenarios, RehearsalOptions options, SandboxLimits limits, CancellationToken cancel) =>
        InParallel.Run<Scenario, RehearsalResult>(scenarios, () =>
        {
            var sandbox = new RehearsalSandbox(limits);
            return (scenario, enough) => sandbox.Run(script, scenario.NewVm(), options, enough) with { Scenario = scenario.Name };
        }, cancel);
}
