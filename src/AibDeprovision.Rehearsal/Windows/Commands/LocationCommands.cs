using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Set-Location and Push-Location: they go to a folder or a key that exists.</summary>
internal abstract class GoCommand : PathCommand
{
    private static readonly string[] Home = [@"C:\Users\packer"];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected void Go()
    {
        Path = Path.Length + LiteralPath.Length == 0 ? Home : [.. Path.Select(path => path == "~" ? Home[0] : path)];
        ForEachItem(target => SetLocation(this, ItemObject.DrivePath(target)));
    }

    /// <summary>Works in another place from now on.</summary>
    internal static void SetLocation(PSCmdlet command, string location)
    {
        SandboxHost.RunOf(command.Host).Vm.Location = location;
        command.SessionState.PSVariable.Set(MaskedNames.LocationVariable, location);
    }
}

[Cmdlet(VerbsCommon.Set, "Location")]
internal sealed class SetLocationCommand : GoCommand
{
    protected override void ProcessRecord() => Go();
}

[Cmdlet(VerbsCommon.Push, "Location")]
internal sealed class PushLocationCommand : GoCommand
{
    protected override void ProcessRecord()
    {
        Run.Locations.Push(Vm.Location);
        if (Path.Length + LiteralPath.Length > 0)
        {
            Go();
        }
    }
}

[Cmdlet(VerbsCommon.Pop, "Location")]
internal sealed class PopLocationCommand : SimulatedCommand
{
    protected override void ProcessRecord()
    {
        if (Run.Locations.Count > 0)
        {
            GoCommand.SetLocation(this, Run.Locations.Pop());
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Location")]
internal sealed class GetLocationCommand : SimulatedCommand
{
    protected override void ProcessRecord()
    {
        var result = new PSObject();
        result.Properties.Add(new PSNoteProperty("Path", Vm.Location));
        result.Properties.Add(new PSNoteProperty("ProviderPath", Vm.Location));
        WriteObject(result);
    }
}
