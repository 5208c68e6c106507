using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Programs;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

internal abstract class ProcessCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[] Name { get; set; } = [];

    [Parameter]
    public int[] Id { get; set; } = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject[] InputObject { get; set; } = [];

    private protected IEnumerable<SimulatedProcess> Processes()
    {
        foreach (var id in InputObject.Select(ProcessObject.IdOf).Concat(Id))
        {
            if (Vm.Processes.Running.FirstOrDefault(p => p.Id == id) is { } process)
            {
                yield return process;
            }
            else if (InputObject.Length == 0)
            {
                Fail($"Cannot find a process with the process identifier {id}.", "NoProcessFoundForGivenId", ErrorCategory.ObjectNotFound, id, "ProcessCommandException");
            }
        }
        foreach (var name in InputObject.Length > 0 ? [] : Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = Vm.Processes.Running.Where(p => pattern.IsMatch(p.Name)).ToList();
            Run.Looks.AtProcess(name);
            foreach (var process in found)
            {
                yield return process;
            }
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                Fail($"Cannot find a process with the name \"{name}\". Verify the process name and call the cmdlet again.", "NoProcessFoundForGivenName", ErrorCategory.ObjectNotFound, name, "ProcessCommandException");
            }
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Process")]
internal sealed class GetProcessCommand : ProcessCommand
{
    protected override void ProcessRecord()
    {
        var all = Name.Length + Id.Length + InputObject.Length == 0;
        foreach (var process in all ? Vm.Processes.Running.ToList() : Processes())
        {
            WriteObject(ProcessObject.Of(process));
        }
    }
}

[Cmdlet(VerbsLifecycle.Stop, "Process", SupportsShouldProcess = true)]
internal sealed class StopProcessCommand : ProcessCommand
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var process in Processes())
        {
            if (ShouldProcess(process.Name))
            {
                process.Exit(-1);
                if (process.Name.Equals("wsmprovhost", StringComparison.OrdinalIgnoreCase))
                {
                    Vm.CutSession("the process that hosts this very session was stopped (wsmprovhost)");
                }
            }
        }
    }
}

[Cmdlet(VerbsLifecycle.Wait, "Process")]
internal sealed class WaitProcessCommand : ProcessCommand
{
    [Parameter(Position = 1)]
    [Alias("TimeoutSec")]
    public int? Timeout { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var process in Processes())
        {
            if (!Run.WaitUntil(() => process.HasExited, Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, $"{process.Name} to end"))
            {
                Fail($"Process '{process.Name} ({process.Id})' is not stopped in the specified time-out.", "ProcessNotTerminated", ErrorCategory.CloseError, process.Name, "TimeoutException");
            }
        }
    }
}

[Cmdlet(VerbsLifecycle.Start, "Process")]
internal sealed class StartProcessCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("PSPath", "Path")]
    public string FilePath { get; set; } = "";

    [Parameter(Position = 1)]
    [Alias("Args")]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    [Alias("nnw")]
    public SwitchParameter NoNewWindow { get; set; }

    [Parameter]
    public string? WindowStyle { get; set; }

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    public string? Verb { get; set; }

    protected override void ProcessRecord()
    {
        var program = VmProgram.Find(Vm, FilePath);
        if (program is null && (AssumedDone.Contains(FilePath) || Run.AssumesDone(FilePath)))
        {
            AssumedDone.Take(Run, FilePath, ArgumentList);
            var done = Vm.Processes.Start(AssumedDone.NameOf(FilePath));
            done.Exit(0);
            if (PassThru)
            {
                WriteObject(ProcessObject.Of(done));
            }
            return;
        }
        if (program is null && !VmProgram.IsKnown(FilePath))
        {
            Run.RefuseHere($"the program {FilePath}");
        }
        SimulatedProcess process;
        try
        {
            process = (program ?? throw new InvalidOperationException("The system cannot find the file specified.")).Start(Run, VmProgram.Split(ArgumentList));
        }
        catch (InvalidOperationException e)
        {
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException($"This command cannot be run due to the error: {e.Message}"),
                "InvalidOperationException", ErrorCategory.InvalidOperation, null));
            return;
        }
        if (Wait)
        {
            // Start-Process waits for what the program has started as well.
            Run.WaitUntil(() => process.HasExited && (!program.HandsOver || !Vm.Processes.Running.Any(p => p.Name == "SetupHost")), null, $"{process.Name} to end");
        }
        if (PassThru)
        {
            WriteObject(ProcessObject.Of(process));
        }
    }
}
