using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>What a command is run as that cannot matter to the seal: nothing happens, and that is said.</summary>
[Cmdlet(VerbsCommon.Skip, "SimulatedCommand")]
internal sealed class SkipSimulatedCommandCommand : SimulatedCommand
{
    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter]
    [AllowEmptyCollection]
    [AllowNull]
    public object?[]? Arguments { get; set; }

    protected override void ProcessRecord()
    {
        AssumedDone.Take(Run, Name, (Arguments ?? []).Select(ObjectText.Of));
        if (AssumedDone.IsProgram(Name))
        {
            SessionState.PSVariable.Set("global:LASTEXITCODE", 0);
        }
    }
}
