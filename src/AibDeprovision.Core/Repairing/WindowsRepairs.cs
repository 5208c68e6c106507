using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Repairing;

/// <summary>What of a Windows machine can be mended without harm before Sysprep runs. Each repair looks anew and changes only what it finds.</summary>
internal static class WindowsRepairs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<Rule, Func<IWindowsMachine, IReadOnlyList<Finding>, CancellationToken, IEnumerable<RepairStep>>> Steps = new()
    {
        [WindowsRules.AnswerFile] = (machine, findings, _) => findings.Select(finding =>
            new RepairStep(finding.File!, "Remove the answer file", () => machine.DeleteFile(finding.File!)) { LosesData = true }),
        [WindowsRules.ProviderMissing] = (machine, _, _) => SysprepProviders.Of(machine).Where(provider => provider.Breaks).Select(provider =>
            new RepairStep($@"{provider.Key}\{provider.ValueName}", $"Take the provider {provider.Leaf} out of the registry", () => machine.DeleteValue(provider.Key, provider.ValueName)) { LosesData = true }),
        [WindowsReadinessRules.ProviderHidden] = (machine, _, _) => SysprepProviders.Of(machine).Where(provider => provider.IsHidden).Select(provider => provider.Path).Distinct(StringComparer.OrdinalIgnoreCase).Select(path =>
            new RepairStep(path, "Take the hidden attribute from the file", () => machine.Unhide(path))),
        [WindowsReadinessRules.CdromDisabled] = (machine, _, _) => [new RepairStep(CdromKey + @"\Start", "Set the value to 1", () => machine.SetValue(CdromKey, "Start", 1))],
        [WindowsReadinessRules.AgentServiceDisabled] = Enable,
        [WindowsReadinessRules.AgentServiceStaysOff] = Enable,
        [WindowsReadinessRules.WinRmDisabled] = (machine, _, _) => [new RepairStep("WinRM", "Let the service start by itself", () => machine.SetStartType("WinRM", ServiceStartType.Automatic))],
        [WindowsReadinessRules.AppxNotProvisioned] = (machine, findings, cancel) => findings.Select(finding =>
            new RepairStep(finding.Evidence!, "Remove the app from all users", () => RemovePackage(machine, finding.Evidence!, cancel)) { LosesData = true }),
    };

    private const string CdromKey = @"HKLM\SYSTEM\CurrentControlSet\Services\cdrom";

    /// <summary>The rules of which something can be mended.</summary>
    public static IEnumerable<Rule> Rules => Steps.Keys;

    /// <summary>What would mend the findings of a rule; null where it is nothing that is safe to mend.</summary>
    /// <exception cref="AibException">Something of the machine cannot be read.</exception>
    public static IReadOnlyList<RepairStep>? For(IWindowsMachine machine, Rule rule, IReadOnlyList<Finding> findings, CancellationToken cancel) =>
        Steps.TryGetValue(rule, out var steps) ? [.. steps(machine, findings, cancel)] : null;

    private static IEnumerable<RepairStep> Enable(IWindowsMachine machine, IReadOnlyList<Finding> findings, CancellationToken cancel) => findings.Select(finding => finding.Evidence!).Select(service =>
        new RepairStep(service, "Let the service start by itself", () => machine.SetStartType(service, ServiceStartType.Automatic)));

    private static void RemovePackage(IWindowsMachine machine, string package, CancellationToken cancel)
    {
        var run = machine.RunPowerShell($"$ProgressPreference = 'SilentlyContinue'\ntry {{ Remove-AppxPackage -AllUsers -Package {PowerShellText.Quote(package)} -ErrorAction Stop; 'done' }} catch {{ \"failed: $_\" }}\n", Patience, cancel);
        if (run.TimedOut || !run.Lines.Any(line => line.Trim() == "done"))
        {
            throw new AibException(ErrorId.SystemCallFailed, run.TimedOut ? $"The app {package} was not removed within {Patience.TotalMinutes:0} minutes."
                : $"The app {package} could not be removed: {PrintableText.Short(string.Join(" ", run.Lines).Trim())}", "Remove it by hand, by Remove-AppxPackage in Windows PowerShell.", package);
        }
    }
}
