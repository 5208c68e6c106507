using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet(VerbsDiagnostic.Test, "Path")]
internal sealed class TestPathCommand : PathCommand
{
    [Parameter]
    [Alias("Type")]
    [ValidateSet("Any", "Container", "Leaf", IgnoreCase = true)]
    public string PathType { get; set; } = "Any";

    protected override void ProcessRecord()
    {
        foreach (var path in LiteralPath)
        {
            var target = VmPath.Of(Vm, path);
            Run.Looks.AtPath(target);
            WriteObject(target.Exists(Vm) && IsOfType(target));
        }
        foreach (var path in Path)
        {
            var target = VmPath.Of(Vm, path);
            Run.Looks.AtPath(target);
            WriteObject(target.Expand(Vm).Any(IsOfType));
        }
    }

    private bool IsOfType(VmPath path) => PathType.ToUpperInvariant() switch
    {
        "LEAF" => path.Store != VmStore.File || Vm.Files.IsFile(path.Full),
        "CONTAINER" => path.Store == VmStore.Registry || (path.Store == VmStore.File && !Vm.Files.IsFile(path.Full)),
        _ => true,
    };
}

[Cmdlet(VerbsCommon.Get, "Item")]
internal sealed class GetItemCommand : PathCommand
{
    protected override void ProcessRecord() => ForEachItem(path => WriteObject(ItemObject.Of(Vm, path)));
}

[Cmdlet(VerbsCommon.Get, "ChildItem")]
internal sealed class GetChildItemCommand : PathCommand
{
    [Parameter(Position = 1)]
    public override string? Filter { get; set; }

    [Parameter]
    public uint Depth { get; set; } = uint.MaxValue;

    [Parameter]
    public SwitchParameter Hidden { get; set; }

    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    private protected override bool FiltersChildren => true;

    protected override void ProcessRecord()
    {
        if (Path.Length + LiteralPath.Length == 0)
        {
            Path = ["."];
        }
        // A wildcard in the path lists what it matches, and not what is in there.
        var isPattern = Path.Any(WildcardPattern.ContainsWildcardCharacters);
        ForEachItem(path => Write(isPattern || Vm.Files.IsFile(path.Full) ? [path] : path.Children(Vm)));
    }

    private void Write(IEnumerable<VmPath> paths, uint depth = 0)
    {
        foreach (var path in paths.ToList())
        {
            var isFile = Vm.Files.IsFile(path.Full);
            if (!Hidden && IsWanted(path) && !(File && !isFile) && !(Directory && isFile))
            {
                WriteObject(Name ? path.Leaf : ItemObject.Of(Vm, path));
            }
            if ((Recurse || Depth != uint.MaxValue) && depth < Depth)
            {
                Write(path.Children(Vm), depth + 1);
            }
        }
    }
}

[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true)]
internal sealed class NewItemCommand : PathCommand
{
    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    [Alias("Type")]
    public string ItemType { get; set; } = "File";

    [Parameter]
    public object? Value { get; set; }

    protected override void ProcessRecord() => ForEachPath(parent =>
    {
        var path = Name is null ? parent : parent with { Full = parent.Full + "\\" + Name };
        if (path.Exists(Vm) && !Force)
        {
            Fail(path.Store == VmStore.Registry ? "A key in this path already exists." : $"The file '{path.Full}' already exists.",
                "NewItemIOError", ErrorCategory.WriteError, path.Full, "IOException");
            return;
        }
        if (!ShouldProcess(path.Full))
        {
            return;
        }
        switch (path.Store)
        {
            case VmStore.Registry:
                Vm.Registry.Create(path.Full);
                break;
            case VmStore.Environment:
                Vm.Environment[path.Full] = Value?.ToString() ?? "";
                break;
            case VmStore.File when ItemType.StartsWith("D", StringComparison.OrdinalIgnoreCase):
                Vm.Files.CreateFolder(path.Full);
                break;
            default:
                Vm.Files.Write(path.Full, Value?.ToString() ?? "");
                break;
        }
        WriteObject(ItemObject.Of(Vm, path));
    });
}

[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true)]
internal sealed class RemoveItemCommand : PathCommand
{
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    protected override void ProcessRecord() => ForEachItem(path =>
    {
        if (!ShouldProcess(path.Full))
        {
            return;
        }
        switch (path.Store)
        {
            case VmStore.Registry:
                Vm.Registry.Delete(path.Full);
                break;
            case VmStore.Environment:
                Vm.Environment.Remove(path.Full);
                break;
            default:
                Vm.Files.Delete(path.Full);
                break;
        }
    });
}
