using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Which store of the VM a path leads into.</summary>
internal enum VmStore
{
    File,
    Registry,
    Environment,
    None,
}

/// <summary>A path as a script writes it, followed into the VM.</summary>
/// <param name="Store">Where it leads; None for a drive that is not there.</param>
/// <param name="Full">The path within that store.</param>
/// <param name="Drive">What stood before the colon.</param>
internal sealed record VmPath(VmStore Store, string Full, string Drive)
{
    private static readonly Dictionary<string, string> Hives = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HKEY_LOCAL_MACHINE"] = "HKLM", ["HKLM"] = "HKLM", ["HKLM:"] = "HKLM", ["HKEY_CURRENT_USER"] = "HKCU", ["HKCU"] = "HKCU", ["HKCU:"] = "HKCU",
    };

    /// <summary>The last part.</summary>
    public string Leaf => Full.Substring(Full.LastIndexOf('\\') + 1);

    /// <summary>Whether a wildcard is in it.</summary>
    public bool IsPattern => WildcardPattern.ContainsWildcardCharacters(Full);

    /// <summary>Where a path leads, from the folder or key in which the script works.</summary>
    public static VmPath Of(SimulatedVm vm, string path)
    {
        var text = path.Replace('/', '\\');
        var isRooted = text.IndexOf(':') > 0 || text.StartsWith("\\", StringComparison.Ordinal);
        return Of(isRooted ? text : $"{vm.Location}\\{text}");
    }

    private static VmPath Of(string text)
    {
        var provider = text.IndexOf("::", StringComparison.Ordinal);
        if (provider > 0)
        {
            return text.Substring(0, provider).EndsWith("Registry", StringComparison.OrdinalIgnoreCase)
                ? Registry(text.Substring(provider + 2)) : File(text.Substring(provider + 2));
        }
        var colon = text.IndexOf(':');
        var drive = colon > 0 ? text.Substring(0, colon) : "";
        return drive.ToUpperInvariant() switch
        {
            "" or "C" => File(text),
            "HKLM" or "HKCU" => Registry(string.Join("\\", WithoutDots(drive + "\\" + text.Substring(colon + 1)))),
            "ENV" => new(VmStore.Environment, text.Substring(colon + 1).Trim('\\'), drive),
            _ => new(VmStore.None, text, drive),
        };
    }

    /// <summary>The registry key behind a name of reg.exe or of PowerShell.</summary>
    public static VmPath Registry(string key)
    {
        var parts = key.Split(['\\'], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && Hives.TryGetValue(parts[0], out var hive)
            ? new(VmStore.Registry, string.Join("\\", parts.Skip(1).Prepend(hive)), hive)
            : new(VmStore.None, key, "");
    }

    /// <summary>Whether anything stands there.</summary>
    public bool Exists(SimulatedVm vm) => Store switch
    {
        VmStore.File => vm.Files.Exists(Full),
        VmStore.Registry => vm.Registry.Exists(Full),
        VmStore.Environment => vm.Environment.ContainsKey(Full),
        _ => false,
    };

    /// <summary>What stands right below.</summary>
    public IEnumerable<VmPath> Children(SimulatedVm vm) => Store switch
    {
        VmStore.File => vm.Files.ChildrenOf(Full).Select(path => this with { Full = path }),
        VmStore.Registry => vm.Registry.SubkeysOf(Full).Select(key => this with { Full = Full + "\\" + key }),
        VmStore.Environment when Full.Length == 0 => vm.Environment.Keys.Select(name => this with { Full = name }),
        _ => [],
    };

    /// <summary>What the path stands for: itself, or all that its wildcards match.</summary>
    public IEnumerable<VmPath> Expand(SimulatedVm vm)
    {
        if (!IsPattern)
        {
            return Exists(vm) ? [this] : [];
        }
        var at = Full.LastIndexOf('\\');
        var pattern = WildcardPattern.Get(Leaf, WildcardOptions.IgnoreCase);
        var parent = this with { Full = at < 0 ? "" : Full.Substring(0, at) };
        return parent.Expand(vm).SelectMany(found => found.Children(vm)).Where(child => pattern.IsMatch(child.Leaf));
    }

    private static VmPath File(string path)
    {
        var colon = path.IndexOf(':');
        return new(VmStore.File, string.Join("\\", WithoutDots(colon > 0 ? path.Substring(colon + 1) : path).Prepend("C:")), "C");
    }

    private static List<string> WithoutDots(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split(['\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }
        return parts;
    }
}
