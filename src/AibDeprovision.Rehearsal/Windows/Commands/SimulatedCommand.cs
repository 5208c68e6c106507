using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>
/// A command of Windows PowerShell as it acts on the simulated VM. The classes have the names of the real ones, since
/// those come out in error ids; parameters are those that deprovision scripts use.
/// </summary>
internal abstract class SimulatedCommand : PSCmdlet
{
    private protected ScriptRun Run => field ??= SandboxHost.RunOf(Host);

    private protected SimulatedVm Vm => Run.Vm;

    protected override void BeginProcessing()
    {
        if (MyInvocation.BoundParameters.ContainsKey("ProgressAction"))
        {
            // The engine that rehearses has it, and Windows PowerShell 5.1 has not.
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException("A parameter cannot be found that matches parameter name 'ProgressAction'."), "NamedParameterNotFound", ErrorCategory.InvalidArgument, null));
        }
        Run.Charge();
    }

    /// <summary>Writes an error that does not end the script by itself.</summary>
    private protected void Fail(string message, string id, ErrorCategory category, object? target, string reason) =>
        Fail(new InvalidOperationException(message), id, category, target, reason);

    private protected void Fail(Exception error, string id, ErrorCategory category, object? target, string? reason = null)
    {
        var record = new ErrorRecord(error, id, category, target);
        if (reason is not null)
        {
            record.CategoryInfo.Reason = reason;
        }
        WriteError(record);
    }

    private protected void FailPath(string path) =>
        Fail(new ItemNotFoundException($"Cannot find path '{path}' because it does not exist."), "PathNotFound", ErrorCategory.ObjectNotFound, path);

    /// <summary>Does something to a path, and turns what the VM's disk or registry refuses into an error record.</summary>
    private protected void OnPath(string path, Action<VmPath> work)
    {
        var target = VmPath.Of(Vm, path);
        if (target.Store == VmStore.None)
        {
            if (target.Drive.Equals("WSMan", StringComparison.OrdinalIgnoreCase))
            {
                // Settings of the session's service; the session itself lives on.
                Run.NotSimulated.Add($"{MyInvocation.MyCommand.Name} {target.Drive}:", WaitingPlace.LineOf(Run));
                return;
            }
            if (target.Drive.Length > 1)
            {
                Run.RefuseHere($"the drive {target.Drive}:");
            }
            Fail($"Cannot find drive. A drive with the name '{target.Drive}' does not exist.", "DriveNotFound", ErrorCategory.ObjectNotFound, target.Drive, "DriveNotFoundException");
            return;
        }
        try
        {
            work(target);
        }
        catch (UnauthorizedAccessException e)
        {
            Fail(e, "System.Security.SecurityException", ErrorCategory.PermissionDenied, path, "SecurityException");
        }
        catch (IOException e)
        {
            Fail(e, "System.IO.IOException", ErrorCategory.WriteError, path);
        }
    }
}
