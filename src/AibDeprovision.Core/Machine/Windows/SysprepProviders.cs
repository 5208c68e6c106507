namespace AibDeprovision.Machine.Windows;

/// <summary>A DLL that has registered itself to take part in Sysprep.</summary>
/// <param name="Part">Generalize, Cleanup or Specialize.</param>
/// <param name="ValueName">The name of its value.</param>
/// <param name="Leaf">The DLL's file name.</param>
/// <param name="Path">Where it is, or should be.</param>
/// <param name="IsMissing">Whether it is not there; false where that cannot be said.</param>
/// <param name="IsHidden">Whether it has the hidden attribute; false where that cannot be said.</param>
internal sealed record SysprepProvider(string Part, string ValueName, string Leaf, string Path, bool IsMissing, bool IsHidden)
{
    /// <summary>Its key.</summary>
    public string Key => $@"{SysprepFiles.ProvidersKey}\{Part}";

    /// <summary>Specialize runs on the next boot only, so a DLL that is missing there does not break the run.</summary>
    public bool Breaks => IsMissing && Part != "Specialize";
}

/// <summary>
/// The external providers. Sysprep loads each of them, and one whose DLL is missing breaks it half way: the machine is
/// undeployable then (github.com/danielsollondon/azvmimagebuilder/issues/83).
/// </summary>
internal static class SysprepProviders
{
    /// <summary>The parts of Sysprep that providers register for, each a key.</summary>
    public static readonly IReadOnlyList<string> Parts = ["Generalize", "Cleanup", "Specialize"];

    /// <summary>All that are registered.</summary>
    public static IReadOnlyList<SysprepProvider> Of(IWindowsImage machine) =>
    [
        .. from part in Parts
           let key = $@"{SysprepFiles.ProvidersKey}\{part}"
           from name in machine.Registry.ValueNames(key)
           let value = machine.Registry.Value(key, name) as string
           where !string.IsNullOrEmpty(value)
           select Read(machine, part, name, value),
    ];

    /// <summary>Takes the providers with the given file names out of the registry.</summary>
    /// <returns>Those that were taken out.</returns>
    public static IReadOnlyList<SysprepProvider> Remove(IWindowsMachine machine, IReadOnlyList<string> leaves)
    {
        var removed = Of(machine).Where(p => leaves.Contains(p.Leaf, StringComparer.OrdinalIgnoreCase)).ToList();
        foreach (var provider in removed)
        {
            machine.DeleteValue(provider.Key, provider.ValueName);
        }
        return removed;
    }

    // C:\Windows\System32\VMAgentDisabler.dll,DisableVMAgent, or only the file name.
    private static SysprepProvider Read(IWindowsImage machine, string part, string name, string value)
    {
        var dll = value.Split(',')[0].Trim(' ', '"');
        var leaf = dll.Substring(dll.LastIndexOf('\\') + 1);
        // As the loader does it: .dll where there is no ending; a bare name in System32, beside Sysprep.exe and in the Windows folder.
        var file = leaf.IndexOf('.') < 0 ? dll + ".dll" : dll;
        var windows = machine.WindowsFolder;
        string[] places = leaf == dll ? [$@"{windows}\System32\{file}", $@"{windows}\System32\Sysprep\{file}", $@"{windows}\{file}"] : [file];
        var path = Array.Find(places, machine.Files.Exists) ?? places[0];
        // A path with variables cannot be followed here.
        var isMissing = dll.Length > 0 && dll.IndexOf('%') < 0 && !machine.Files.Exists(path);
        return new SysprepProvider(part, name, leaf, path, isMissing, !isMissing && machine.Files.IsHidden(path));
    }
}
