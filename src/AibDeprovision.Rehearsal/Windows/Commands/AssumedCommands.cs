using System.Management.Automation;
using System.Text.RegularExpressions;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>What a command is run as that cannot matter to the seal: nothing happens, and that is said.</summary>
[Cmdlet(VerbsCommon.Skip, "SimulatedCommand")]
internal sealed class SkipSimulatedCommandCommand : SimulatedCommand
{
    // What a command hands on to others to be run may matter all the same.
    private static readonly Regex Matters = new(@"sysprep|generalize|DeprovisioningScript|shutdown|Restart-Computer|Stop-Computer", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter]
    [AllowEmptyCollection]
    [AllowNull]
    public object?[]? Arguments { get; set; }

    protected override void ProcessRecord()
    {
        if (!Run.AssumesDone(Name) && (Arguments ?? []).Any(argument => Matters.IsMatch(ObjectText.Of(argument))))
        {
            Run.RefuseHere($"{Name} with a command that may seal or end the machine");
        }
        Run.NotSimulated.Add(AssumedDone.NameOf(Name), WaitingPlace.LineOf(Run));
        if (AssumedDone.IsProgram(Name))
        {
            SessionState.PSVariable.Set("global:LASTEXITCODE", 0);
        }
    }
}
