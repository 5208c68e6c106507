using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet(VerbsCommon.Get, "ItemProperty")]
internal class GetItemPropertyCommand : PathCommand
{
    private const int MostLooks = 2;

    [Parameter(Position = 1)]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord() => ForEachItem(path =>
    {
        if (path.Store != VmStore.Registry)
        {
            WriteObject(ItemObject.Of(Vm, path));
            return;
        }
        var patterns = Name.Select(n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase)).ToArray();
        var values = ItemObject.Values(Vm, path, name => patterns.Length == 0 || patterns.Any(p => p.IsMatch(name)));
        foreach (var name in Name.Concat(Vm.Registry.ValuesOf(path.Full).Select(value => value.Name)).Take(MostLooks))
        {
            Run.Looks.AtValue(path, name);
        }
        foreach (var missing in Name.Where(n => !WildcardPattern.ContainsWildcardCharacters(n) && values.Properties[n] is null))
        {
            FailValue(missing, path);
        }
        if (values.Properties.Any())
        {
            Write(values, path);
        }
    });

    private protected virtual void Write(PSObject values, VmPath path)
    {
        values.Properties.Add(new PSNoteProperty("PSPath", "Microsoft.PowerShell.Core\\Registry::" + ItemObject.ProviderPath(path)), preValidated: true);
        values.Properties.Add(new PSNoteProperty("PSChildName", path.Leaf), preValidated: true);
        WriteObject(values);
    }
}

[Cmdlet(VerbsCommon.Get, "ItemPropertyValue")]
internal sealed class GetItemPropertyValueCommand : GetItemPropertyCommand
{
    private protected override void Write(PSObject values, VmPath path)
    {
        foreach (var value in values.Properties)
        {
            WriteObject(value.Value, enumerateCollection: true);
        }
    }
}

[Cmdlet(VerbsCommon.Set, "ItemProperty", SupportsShouldProcess = true)]
internal class SetItemPropertyCommand : PathCommand
{
    [Parameter(Mandatory = true, Position = 1)]
    public string Name { get; set; } = "";

    [Parameter(Position = 2)]
    [AllowNull]
    [AllowEmptyString]
    public object? Value { get; set; }

    [Parameter]
    [Alias("PropertyType")]
    public string? Type { get; set; }

    private protected virtual bool MayExist => true;

    protected override void ProcessRecord() => ForEachItem(path =>
    {
        if (path.Store != VmStore.Registry)
        {
            Run.RefuseHere($"{MyInvocation.MyCommand.Name} outside the registry");
        }
        if (!MayExist && !Force && Vm.Registry.Find(path.Full, Name) is not null)
        {
            Fail("The property already exists.", "System.IO.IOException", ErrorCategory.WriteError, path.Full, "IOException");
        }
        else if (ShouldProcess(path.Full))
        {
            Vm.Registry.ValuesOf(path.Full);
            Vm.Registry.Set(path.Full, Name, DataOf(Vm.Registry.Find(path.Full, Name)?.Kind));
        }
    });

    private object DataOf(SimulatedValueKind? existing)
    {
        var value = Value is PSObject wrapped ? wrapped.BaseObject : Value;
        return (Type?.ToUpperInvariant(), existing) switch
        {
            ("DWORD", _) or (null, SimulatedValueKind.Dword) => LanguagePrimitives.ConvertTo<int>(value),
            ("QWORD", _) or (null, SimulatedValueKind.Qword) => LanguagePrimitives.ConvertTo<long>(value),
            ("MULTISTRING", _) or (null, SimulatedValueKind.MultiSz) => LanguagePrimitives.ConvertTo<string[]>(value),
            ("BINARY", _) or (null, SimulatedValueKind.Binary) => LanguagePrimitives.ConvertTo<byte[]>(value),
            (null, null) when value is int or long or string[] or byte[] => value,
            _ => LanguagePrimitives.ConvertTo<string>(value),
        };
    }
}

[Cmdlet(VerbsCommon.New, "ItemProperty", SupportsShouldProcess = true)]
internal sealed class NewItemPropertyCommand : SetItemPropertyCommand
{
    private protected override bool MayExist => false;
}

[Cmdlet(VerbsCommon.Clear, "ItemProperty", SupportsShouldProcess = true)]
internal sealed class ClearItemPropertyCommand : RemoveItemPropertyCommand
{
    private protected override void Change(VmPath key, string name) =>
        Vm.Registry.Set(key.Full, name, Vm.Registry.Find(key.Full, name)!.Data switch { int => 0, long => 0L, string[] => Array.Empty<string>(), byte[] => Array.Empty<byte>(), _ => "" });
}

[Cmdlet(VerbsCommon.Remove, "ItemProperty", SupportsShouldProcess = true)]
internal class RemoveItemPropertyCommand : PathCommand
{
    [Parameter(Mandatory = true, Position = 1)]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord() => ForEachItem(path =>
    {
        foreach (var name in Name.SelectMany(n => WildcardPattern.ContainsWildcardCharacters(n) ? Matching(path, n) : [n]))
        {
            if (Vm.Registry.Find(path.Full, name) is null)
            {
                FailValue(name, path);
            }
            else if (ShouldProcess(path.Full))
            {
                Change(path, name);
            }
        }
    });

    private protected virtual void Change(VmPath key, string name) => Vm.Registry.Unset(key.Full, name);

    private List<string> Matching(VmPath key, string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return [.. Vm.Registry.ValuesOf(key.Full).Select(value => value.Name).Where(pattern.IsMatch)];
    }
}
