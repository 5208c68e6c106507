using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Live;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>Waits until the agent's unit runs and the VM is provisioned.</summary>
internal static class LinuxAgentWait
{
    private const string Provisioned = "provisioned";

    /// <summary>Waits. The last outcome is that of the provisioning.</summary>
    /// <exception cref="AibException">systemd cannot be asked, or what is in the agent's folder cannot be seen.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<WaitOutcome> Run(LinuxMachine machine, ServiceWaitPlan plan, CancellationToken cancel)
    {
        var history = new StateHistory(machine.Clock);
        bool IsProvisioned()
        {
            var isThere = machine.IsProvisioned;
            if (history.Note(isThere ? Provisioned : "not provisioned"))
            {
                plan.Note?.Invoke($"the VM is {history.Last}");
            }
            return isThere;
        }
        IsProvisioned();
        var services = new ServiceWait(machine, plan with { AlsoUntil = IsProvisioned, AlsoFiles = [machine.ProvisionedMarker] }).Run(cancel);
        var isReached = IsProvisioned();
        // Where the agent cannot come up, that is the error, and the only one.
        var isError = !isReached && !services.Any(outcome => outcome.Error is not null);
        return
        [
            .. services,
            new WaitOutcome
            {
                Name = Provisioned,
                IsReached = isReached,
                State = history.Last,
                Waited = history.Waited,
                Changes = history.Changes,
                Error = isError ? ErrorId.NotProvisioned : null,
                Reason = isReached ? null : FormattableString.Invariant($"The VM was not provisioned within {history.Waited.TotalSeconds:0} s: there is no {machine.ProvisionedMarker}."),
            },
        ];
    }
}
