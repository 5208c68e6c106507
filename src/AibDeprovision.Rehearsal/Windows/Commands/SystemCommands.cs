using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Programs;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Restart-Computer and Stop-Computer: the session is gone.</summary>
internal abstract class EndComputerCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public string[] ComputerName { get; set; } = ["."];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter AsJob { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    public string? For { get; set; }

    [Parameter]
    public int Timeout { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess(ComputerName[0]))
        {
            return;
        }
        Vm.CutSession($"the script ends the machine itself ({MyInvocation.MyCommand.Name}, line {WaitingPlace.LineOf(Run)})");
        Run.Charge();
    }
}

[Cmdlet(VerbsLifecycle.Restart, "Computer", SupportsShouldProcess = true)]
internal sealed class RestartComputerCommand : EndComputerCommand;

[Cmdlet(VerbsLifecycle.Stop, "Computer", SupportsShouldProcess = true)]
internal sealed class StopComputerCommand : EndComputerCommand;

/// <summary>Get-Command: what the rehearsal knows is there, and of anything else it cannot tell.</summary>
[Cmdlet(VerbsCommon.Get, "Command")]
internal sealed class GetCommandCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public string[] Module { get; set; } = [];

    [Parameter]
    public object? CommandType { get; set; }

    protected override void ProcessRecord()
    {
        if (Name.Length == 0 || Name.Any(WildcardPattern.ContainsWildcardCharacters))
        {
            Run.RefuseHere("Get-Command of no one command");
        }
        foreach (var name in Name)
        {
            var isCommand = SandboxSessionState.Names.Contains(name) || Run.Functions.Contains(name) || AssumedDone.Contains(name) || Run.AssumesDone(name);
            if (!isCommand && !VmProgram.IsKnown(name) && !NewerParameters.IsNewerCommand(name))
            {
                Run.RefuseHere($"Get-Command {name}");
            }
            var program = VmProgram.Find(Vm, name);
            if (!isCommand && program is null)
            {
                Fail(new CommandNotFoundException($"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again."),
                    "CommandNotFoundException", ErrorCategory.ObjectNotFound, name);
                continue;
            }
            var result = new PSObject();
            result.Properties.Add(new PSNoteProperty("Name", program is null ? name : AssumedDone.NameOf(program.Path) + ".exe"));
            result.Properties.Add(new PSNoteProperty("CommandType", program is not null ? "Application" : Run.Functions.Contains(name) ? "Function" : "Cmdlet"));
            result.Properties.Add(new PSNoteProperty("Source", program?.Path ?? ""));
            result.Properties.Add(new PSNoteProperty("Path", program?.Path));
            result.Properties.Add(new PSNoteProperty("Definition", program?.Path ?? name));
            WriteObject(result);
        }
    }
}

/// <summary>Import-Module of a module that comes with Windows.</summary>
[Cmdlet(VerbsData.Import, "Module")]
internal sealed class ImportModuleCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter DisableNameChecking { get; set; }

    [Parameter]
    public SwitchParameter Global { get; set; }

    protected override void ProcessRecord()
    {
        if (Array.Find(Name, name => !AssumedDone.IsInBoxModule(name)) is { } unknown)
        {
            Run.RefuseHere($"Import-Module {unknown}");
        }
    }
}

/// <summary>Start-Transcript and Stop-Transcript: a file that says that it was begun. What follows is not in it.</summary>
[Cmdlet(VerbsLifecycle.Start, "Transcript")]
internal sealed class StartTranscriptCommand : PathCommand
{
    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    public SwitchParameter IncludeInvocationHeader { get; set; }

    [Parameter]
    public string? OutputDirectory { get; set; }

    protected override void ProcessRecord()
    {
        if (Path.Length + LiteralPath.Length == 0)
        {
            Path = [$@"{OutputDirectory ?? @"C:\Users\packer\Documents"}\PowerShell_transcript.BUILD-VM.txt"];
        }
        ForEachPath(path =>
        {
            Vm.Files.Append(path.Full, "**********************\r\nWindows PowerShell transcript start\r\n");
            WriteObject($"Transcript started, output file is {path.Full}");
        });
    }
}

[Cmdlet(VerbsLifecycle.Stop, "Transcript")]
internal sealed class StopTranscriptCommand : SimulatedCommand
{
    protected override void ProcessRecord() => WriteObject("Transcript stopped.");
}

/// <summary>Read-Host: nobody is there to answer.</summary>
[Cmdlet(VerbsCommunications.Read, "Host")]
internal sealed class ReadHostCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    public object? Prompt { get; set; }

    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    protected override void ProcessRecord() => ThrowTerminatingError(new ErrorRecord(
        new PSInvalidOperationException("Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available."), "InvalidOperation", ErrorCategory.InvalidOperation, null));
}

[Cmdlet(VerbsDiagnostic.Measure, "Command")]
internal sealed class MeasureCommandCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock? Expression { get; set; }

    protected override void ProcessRecord()
    {
        var before = Run.ReadClock();
        Block.Results(this, Expression!, null);
        WriteObject(Run.ReadClock() - before);
    }
}

/// <summary>Invoke-Command on this machine.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Command")]
internal sealed class InvokeCommandCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock? ScriptBlock { get; set; }

    [Parameter]
    public string[] ComputerName { get; set; } = [];

    [Parameter]
    public object?[]? ArgumentList { get; set; }

    [Parameter]
    public SwitchParameter NoNewScope { get; set; }

    protected override void ProcessRecord()
    {
        if (ComputerName.Length > 0 || ArgumentList is not null)
        {
            Run.RefuseHere($"Invoke-Command {(ComputerName.Length > 0 ? "on another machine" : "with arguments")}");
        }
        Block.Run(this, ScriptBlock, null);
    }
}
