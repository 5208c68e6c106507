using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Looks at the name of a member that is only known at run time, and gives it back.</summary>
[Cmdlet(VerbsCommon.Select, "SimulatedMember")]
internal sealed class SelectSimulatedMemberCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    [AllowNull]
    public object? Name { get; set; }

    protected override void BeginProcessing() => Run.StopIfOver();

    protected override void ProcessRecord()
    {
        if (!AllowedMembers.IsInstance(Name?.ToString() ?? ""))
        {
            Run.RefuseHere($"the member {Name}");
        }
        WriteObject(Name);
    }
}

/// <summary>Stands in the place of what a script may not read of the engine's objects.</summary>
[Cmdlet("Deny", "SimulatedMember")]
internal sealed class DenySimulatedMemberCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public string Type { get; set; } = "";

    protected override void BeginProcessing()
    {
        // The innermost place is this refusal itself.
        var line = Run.StackOf!().Select(frame => frame.ScriptLineNumber).Skip(1).FirstOrDefault();
        Run.Refuse(line, $"a property of {Type} that leads to this machine");
        Run.StopIfOver();
    }
}
