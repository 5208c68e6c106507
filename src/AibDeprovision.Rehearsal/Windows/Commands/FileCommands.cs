using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Copy-Item, Move-Item and Rename-Item of a file: each puts its text elsewhere.</summary>
internal abstract class TransferCommand : PathCommand
{
    [Parameter(Position = 1)]
    [Alias("NewName")]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    private protected abstract bool Keeps { get; }

    protected override void ProcessRecord() => ForEachItem(from =>
    {
        if (from.Store != VmStore.File || !Vm.Files.IsFile(from.Full))
        {
            Run.RefuseHere($"{MyInvocation.MyCommand.Name} of anything but a file");
        }
        var target = TargetOf(from);
        var folder = Vm.Files.Exists(target) && !Vm.Files.IsFile(target);
        target = folder ? $"{target}\\{from.Leaf}" : target;
        if (Vm.Files.IsFile(target) && !Keeps && !Force)
        {
            Fail("Cannot create a file when that file already exists.", "MoveFileInfoItemIOError", ErrorCategory.WriteError, from.Full, "IOException");
        }
        else if (ShouldProcess(from.Full))
        {
            Transfer(from.Full, target);
        }
    });

    private protected virtual string TargetOf(VmPath from) => VmPath.Of(Vm, Destination).Full;

    private void Transfer(string from, string to)
    {
        if (Keeps)
        {
            Vm.Files.Write(to, Vm.Files.Read(from)!);
        }
        else
        {
            Vm.Files.Move(from, to);
        }
    }
}

[Cmdlet(VerbsCommon.Copy, "Item", SupportsShouldProcess = true)]
internal sealed class CopyItemCommand : TransferCommand
{
    private protected override bool Keeps => true;
}

[Cmdlet(VerbsCommon.Move, "Item", SupportsShouldProcess = true)]
internal sealed class MoveItemCommand : TransferCommand
{
    private protected override bool Keeps => false;
}

[Cmdlet(VerbsCommon.Rename, "Item", SupportsShouldProcess = true)]
internal sealed class RenameItemCommand : TransferCommand
{
    private protected override bool Keeps => false;

    private protected override string TargetOf(VmPath from) => SimulatedRegistry.ParentOf(from.Full) + "\\" + VmPath.Of(Vm, Destination).Leaf;
}
