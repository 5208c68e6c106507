namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>The kinds of values; the numbers are Windows' own.</summary>
internal enum SimulatedValueKind
{
    /// <summary>REG_SZ.</summary>
    Sz = 1,

    /// <summary>REG_EXPAND_SZ.</summary>
    ExpandSz = 2,

    /// <summary>REG_BINARY.</summary>
    Binary = 3,

    /// <summary>REG_DWORD.</summary>
    Dword = 4,

    /// <summary>REG_MULTI_SZ.</summary>
    MultiSz = 7,

    /// <summary>REG_QWORD.</summary>
    Qword = 11,
}

/// <summary>A value of the registry.</summary>
/// <param name="Name">Its name as it was written.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Data">A string, an int, a long, an array of strings or of bytes.</param>
internal sealed record SimulatedValue(string Name, SimulatedValueKind Kind, object Data);

/// <summary>The registry of a VM. Keys are named HKLM\..., whatever way they were asked for.</summary>
internal sealed class SimulatedRegistry
{
    private readonly SortedDictionary<string, SortedDictionary<string, SimulatedValue>> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _denied = new(StringComparer.OrdinalIgnoreCase);
    private readonly SimulatedVm _vm;

    internal SimulatedRegistry(SimulatedVm vm)
    {
        _vm = vm;
        Create("HKLM");
        Create("HKCU");
    }

    /// <summary>Whether a key exists.</summary>
    public bool Exists(string key) => _keys.ContainsKey(key);

    /// <summary>Makes a key and all above it.</summary>
    public void Create(string key)
    {
        for (var part = key; part.Length > 0 && !_keys.ContainsKey(part); part = ParentOf(part))
        {
            _keys[part] = new(StringComparer.OrdinalIgnoreCase);
            _vm.Touch();
        }
    }

    /// <summary>Removes a key with all below it.</summary>
    public void Delete(string key)
    {
        foreach (var gone in _keys.Keys.Where(k => IsUnder(k, key)).ToList())
        {
            _keys.Remove(gone);
            _vm.Touch();
        }
    }

    /// <summary>The names of the keys right below one.</summary>
    public IReadOnlyList<string> SubkeysOf(string key) =>
        [.. _keys.Keys.Where(k => ParentOf(k).Equals(key, StringComparison.OrdinalIgnoreCase)).Select(k => k.Substring(key.Length + 1))];

    /// <summary>The values of a key, by name.</summary>
    /// <exception cref="UnauthorizedAccessException">Access to the key is denied.</exception>
    public IReadOnlyCollection<SimulatedValue> ValuesOf(string key)
    {
        if (_denied.Contains(key))
        {
            throw new UnauthorizedAccessException("Requested registry access is not allowed.");
        }
        return _keys.TryGetValue(key, out var values) ? values.Values : [];
    }

    /// <summary>A value; null where there is none.</summary>
    public SimulatedValue? Find(string key, string name) =>
        _keys.TryGetValue(key, out var values) && values.TryGetValue(name, out var value) ? value : null;

    /// <summary>A value's data as text; null where there is none.</summary>
    public string? Text(string key, string name) => Find(key, name)?.Data.ToString();

    /// <summary>Writes a value, and its key where that is missing.</summary>
    public void Set(string key, string name, object data, SimulatedValueKind? kind = null)
    {
        Create(key);
        _keys[key][name] = new SimulatedValue(name, kind ?? KindOf(data), data);
        _vm.Touch();
    }

    /// <summary>Removes a value.</summary>
    public void Unset(string key, string name)
    {
        if (_keys.TryGetValue(key, out var values) && values.Remove(name))
        {
            _vm.Touch();
        }
    }

    /// <summary>Refuses everybody the values of a key.</summary>
    public void Deny(string key) => _denied.Add(key);

    /// <summary>What a path of keys, or of folders, stands in; empty for the topmost.</summary>
    public static string ParentOf(string path) => path.LastIndexOf('\\') is > 0 and var at ? path.Substring(0, at) : "";

    internal static bool IsUnder(string path, string root) => path.StartsWith(root, StringComparison.OrdinalIgnoreCase)
        && (path.Length == root.Length || path[root.Length] == '\\');

    private static SimulatedValueKind KindOf(object data) => data switch
    {
        int => SimulatedValueKind.Dword,
        long => SimulatedValueKind.Qword,
        string[] => SimulatedValueKind.MultiSz,
        byte[] => SimulatedValueKind.Binary,
        _ => SimulatedValueKind.Sz,
    };
}
