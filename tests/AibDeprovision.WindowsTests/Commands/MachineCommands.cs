using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using System.ServiceProcess;

namespace AibDeprovision.WindowsTests.Commands;

/// <summary>Get-Service, over the service control manager.</summary>
[Cmdlet(VerbsCommon.Get, "Service")]
[OutputType(typeof(ServiceController))]
public sealed class GetServiceCommand : PSCmdlet
{
    /// <summary>The names of the services.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var service = new ServiceController(name);
            try
            {
                _ = service.Status;
                WriteObject(service);
            }
            catch (InvalidOperationException e)
            {
                service.Dispose();
                var error = new InvalidOperationException($"Cannot find any service with service name '{name}'.", e);
                WriteError(new ErrorRecord(error, "NoServiceFoundForGivenName", ErrorCategory.ObjectNotFound, name));
            }
        }
    }
}

/// <summary>Get-Process.</summary>
[Cmdlet(VerbsCommon.Get, "Process")]
[OutputType(typeof(Process))]
public sealed class GetProcessCommand : PSCmdlet
{
    /// <summary>The names of the processes.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var processes = Process.GetProcessesByName(name);
            WriteObject(processes, enumerateCollection: true);
            if (processes.Length == 0)
            {
                var error = new InvalidOperationException($"Cannot find a process with the name \"{name}\". Verify the process name and call the cmdlet again.");
                WriteError(new ErrorRecord(error, "NoProcessFoundForGivenName", ErrorCategory.ObjectNotFound, name));
            }
        }
    }
}

/// <summary>Start-Process.</summary>
[Cmdlet(VerbsLifecycle.Start, "Process")]
[OutputType(typeof(Process))]
public sealed class StartProcessCommand : PSCmdlet
{
    /// <summary>The program.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string FilePath { get; set; } = "";

    /// <summary>Its arguments.</summary>
    [Parameter(Position = 1)]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>Write the process.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var process = Process.Start(new ProcessStartInfo(FilePath, string.Join(' ', ArgumentList)) { UseShellExecute = false });
            if (PassThru)
            {
                WriteObject(process);
            }
        }
        catch (Win32Exception e)
        {
            var error = new InvalidOperationException($"This command cannot be run due to the error: {e.Message}", e);
            ThrowTerminatingError(new ErrorRecord(error, "InvalidOperationException", ErrorCategory.InvalidOperation, targetObject: null));
        }
    }
}
