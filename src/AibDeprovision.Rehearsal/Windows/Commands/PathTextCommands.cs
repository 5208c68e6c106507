using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet(VerbsCommon.Join, "Path")]
internal sealed class JoinPathCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [AllowEmptyString]
    public string ChildPath { get; set; } = "";

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            WriteObject(path.TrimEnd('\\', '/') + "\\" + ChildPath.TrimStart('\\', '/'));
        }
    }
}

[Cmdlet(VerbsCommon.Split, "Path")]
internal sealed class SplitPathCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Leaf { get; set; }

    [Parameter]
    public SwitchParameter Parent { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path.Select(p => p.Replace('/', '\\').TrimEnd('\\')))
        {
            WriteObject(Leaf ? path.Substring(path.LastIndexOf('\\') + 1) : SimulatedRegistry.ParentOf(path));
        }
    }
}
