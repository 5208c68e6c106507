using System.Management.Automation;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Programs;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Types;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Runs a program of the VM: what stands behind every call of an .exe.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SimulatedProgram")]
internal sealed class InvokeSimulatedProgramCommand : SimulatedCommand
{
    [Parameter(Mandatory = true)]
    public string Program { get; set; } = "";

    [Parameter]
    [AllowEmptyCollection]
    [AllowNull]
    public object?[]? Arguments { get; set; }

    /// <summary>How the script called the program.</summary>
    [Parameter]
    public InvocationInfo? Invocation { get; set; }

    protected override void ProcessRecord()
    {
        if (VmProgram.Find(Vm, Program) is not { } program)
        {
            throw NotFound();
        }
        ProgramResult output;
        bool waits;
        try
        {
            var words = (Arguments ?? []).Where(a => a is not null).SelectMany(Words).ToList();
            waits = !program.HasWindow || OutputGoesOn();
            output = waits ? program.RunToEnd(Run, words) : program.Run(Run, words);
        }
        catch (InvalidOperationException e) when (e is not PSInvalidOperationException)
        {
            ThrowTerminatingError(new ErrorRecord(new ApplicationFailedException($"Program '{System.IO.Path.GetFileName(Program.Replace('\\', '/'))}' failed to run: {e.Message}"),
                "NativeCommandFailed", ErrorCategory.ResourceUnavailable, null));
            return;
        }
        if (waits)
        {
            SessionState.PSVariable.Set("global:LASTEXITCODE", output.ExitCode);
        }
        foreach (var line in output.Lines)
        {
            WriteObject(line);
        }
        // What a program does to the session shows at once.
        Run.Charge();
    }

    // A program with a window is waited for when somebody takes its output: the next command, a variable, a caller.
    private bool OutputGoesOn() => Invocation is { } call
        && (call.PipelinePosition < call.PipelineLength || Run.StackOf!().Skip(1).Any(frame => OutputUse.IsTaken(frame.Position, isCaller: true)));

    private static IEnumerable<string> Words(object? argument) =>
        LanguagePrimitives.GetEnumerable(argument) is { } many ? many.Cast<object?>().Select(a => a?.ToString() ?? "") : [argument!.ToString()!];

    private CommandNotFoundException NotFound()
    {
        var text = $"The term '{Program}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
            + "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.";
        return new CommandNotFoundException(text) { CommandName = Program };
    }
}

/// <summary>The methods of service and process objects, called by script methods of the type table.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SimulatedMethod")]
internal sealed class InvokeSimulatedMethodCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public PSObject Target { get; set; } = new();

    [Parameter(Mandatory = true, Position = 1)]
    public string Method { get; set; } = "";

    [Parameter(Position = 2)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Arguments { get; set; }

    protected override void ProcessRecord()
    {
        switch (Target.TypeNames[0])
        {
            case ServiceObject.TypeName:
                OnService(ServiceObject.NameOf(Target));
                break;
            case ClockTypes.Stopwatch:
                Run.ReadClock();
                ClockTypes.Call(Target, Method);
                break;
            case MachineTypes.Principal:
                WriteObject(MachineTypes.IsInRole(Run, Arguments?.FirstOrDefault()));
                break;
            case ProcessTypes.Reader:
                WriteObject("");
                break;
            case ProcessObject.TypeName when Method == "Start":
                ProcessTypes.Start(Run, Target);
                WriteObject(true);
                break;
            default:
                OnProcess(ProcessObject.IdOf(Target));
                break;
        }
    }

    private void OnService(string name)
    {
        Run.Looks.AtService(name);
        switch (Method)
        {
            case "Start":
                Vm.Services.Start(name);
                break;
            case "Stop":
                Vm.Services.Stop(name);
                break;
            case "WaitForStatus":
                var wanted = LanguagePrimitives.ConvertTo<ServiceStatus>(Arguments?[0]);
                var limit = Arguments?.Length > 1 ? LanguagePrimitives.ConvertTo<TimeSpan>(Arguments[1]) : (TimeSpan?)null;
                if (!Run.WaitUntil(() => Vm.Services.Find(name)?.Status == wanted, limit, $"{name} to be {wanted}"))
                {
                    throw new System.TimeoutException("Time out has expired and the operation has not been completed.");
                }
                break;
            default:
                break;
        }
        Target.Properties["Status"].Value = Vm.Services.Find(name)?.Status;
    }

    private void OnProcess(int id)
    {
        var process = Vm.Processes.Running.FirstOrDefault(p => p.Id == id);
        // Only with a limit does it say whether it was met.
        var limit = Arguments?.Length > 0 ? TimeSpan.FromMilliseconds(LanguagePrimitives.ConvertTo<int>(Arguments[0])) : (TimeSpan?)null;
        switch (Method)
        {
            case "Kill":
                process?.Exit(-1);
                break;
            case "WaitForExit":
                var hasEnded = process is null || Run.WaitUntil(() => process.HasExited, limit, $"{process.Name} to end");
                if (limit is not null)
                {
                    WriteObject(hasEnded);
                }
                break;
            default:
                break;
        }
    }
}
