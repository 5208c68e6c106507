using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Files, folders and registry keys as Get-Item gives them.</summary>
internal static class ItemObject
{
    public const string KeyTypeName = "AibDeprovision.SimulatedKey";

    public const string FileTypeName = "AibDeprovision.SimulatedFile";

    private static readonly DateTime Installed = new(2026, 1, 15, 8, 0, 0, DateTimeKind.Local);

    public static PSObject Of(SimulatedVm vm, VmPath path) => path.Store switch
    {
        VmStore.Registry => Key(vm, path),
        VmStore.Environment => With(new PSObject(), ("Name", path.Full), ("Key", path.Full), ("Value", vm.Environment[path.Full])),
        _ => File(vm, path),
    };

    /// <summary>The values of a key as the properties of an object.</summary>
    public static PSObject Values(SimulatedVm vm, VmPath key, Func<string, bool> wanted)
    {
        var result = new PSObject();
        foreach (var value in vm.Registry.ValuesOf(key.Full))
        {
            if (wanted(value.Name))
            {
                result.Properties.Add(new PSNoteProperty(value.Name, value.Data), preValidated: true);
            }
        }
        return result;
    }

    /// <summary>The path as the real provider spells it.</summary>
    public static string ProviderPath(VmPath path) => path.Store == VmStore.Registry
        ? path.Full.Replace("HKLM", "HKEY_LOCAL_MACHINE").Replace("HKCU", "HKEY_CURRENT_USER")
        : path.Full;

    /// <summary>The path with its drive, as a script may write it.</summary>
    public static string DrivePath(VmPath path) => path.Store == VmStore.Registry ? $"{path.Drive}:{path.Full.Substring(path.Drive.Length)}" : path.Full;

    private static PSObject Key(SimulatedVm vm, VmPath path)
    {
        var values = vm.Registry.ValuesOf(path.Full);
        var result = With(new PSObject(),
            ("Name", ProviderPath(path)), ("Property", values.Select(v => v.Name).ToArray()), ("ValueCount", values.Count),
            ("SubKeyCount", vm.Registry.SubkeysOf(path.Full).Count), ("PSChildName", path.Leaf), ("PSPath", "Microsoft.PowerShell.Core\\Registry::" + ProviderPath(path)));
        result.TypeNames.Insert(0, KeyTypeName);
        return result;
    }

    private static PSObject File(SimulatedVm vm, VmPath path)
    {
        var text = vm.Files.Read(path.Full);
        var dot = path.Leaf.LastIndexOf('.');
        var item = new PSObject();
        item.TypeNames.Insert(0, FileTypeName);
        return With(item,
            ("Name", path.Leaf), ("FullName", path.Full), ("PSIsContainer", text is null), ("Exists", true), ("Length", text?.Length ?? 1),
            ("BaseName", dot > 0 ? path.Leaf.Substring(0, dot) : path.Leaf),
            ("Extension", dot > 0 ? path.Leaf.Substring(dot) : ""),
            ("DirectoryName", SimulatedRegistry.ParentOf(path.Full)), ("PSChildName", path.Leaf), ("LastWriteTime", Installed), ("CreationTime", Installed),
            ("PSPath", "Microsoft.PowerShell.Core\\FileSystem::" + path.Full));
    }

    private static PSObject With(PSObject target, params (string Name, object? Value)[] properties)
    {
        foreach (var (name, value) in properties)
        {
            target.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
        }
        return target;
    }
}
