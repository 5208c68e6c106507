using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>
/// The registry of a Windows that does not run, read from its hive files: HKLM\SOFTWARE and HKLM\SYSTEM. Nothing else exists
/// in it, and nothing that Windows makes up as it starts, but for HKLM\SYSTEM\CurrentControlSet: that is the control set which
/// HKLM\SYSTEM\Select names as Current. Other registry links are not followed.
/// </summary>
/// <remarks>A hive is opened by the first question about it. One thread at a time.</remarks>
internal sealed class OfflineRegistry : IRegistry, IDisposable
{
    private const string CurrentControlSet = nameof(CurrentControlSet);

    private readonly SortedDictionary<string, Lazy<RegistryHive>> _hives;

    /// <param name="software">The file of HKLM\SOFTWARE.</param>
    /// <param name="system">The file of HKLM\SYSTEM.</param>
    public OfflineRegistry(string software, string system) => _hives = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SOFTWARE"] = new(() => RegistryHive.Open(software)),
        ["SYSTEM"] = new(() => RegistryHive.Open(system)),
    };

    /// <summary>
    /// The files of those hives that were read and that Windows had not finished writing (see <see cref="RegistryHive.IsDirty"/>):
    /// the answers may lack the last changes.
    /// </summary>
    public IReadOnlyList<string> DirtyHives => [.. _hives.Values.Where(hive => hive.IsValueCreated && hive.Value.IsDirty).Select(hive => hive.Value.Path)];

    /// <inheritdoc/>
    /// <exception cref="AibException">The hive cannot be read.</exception>
    public bool Exists(string key) => IsMachine(key) || Find(key) is var (hive, path) && hive.Exists(path);

    /// <inheritdoc/>
    public object? Value(string key, string name) => Find(key) is var (hive, path) ? hive.Value(path, name) : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> ValueNames(string key) => Find(key) is var (hive, path) ? hive.ValueNames(path) : [];

    /// <inheritdoc/>
    public IReadOnlyList<string> SubkeyNames(string key) =>
        IsMachine(key) ? [.. _hives.Keys]
        : Find(key) is var (hive, path) ? hive.SubkeyNames(path)
        : [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var hive in _hives.Values.Where(hive => hive.IsValueCreated))
        {
            hive.Value.Dispose();
        }
    }

    private static bool IsMachine(string key) => PartsOf(key) is [var root] && IsMachineRoot(root);

    private static bool IsMachineRoot(string root) => root.Equals("HKLM", StringComparison.OrdinalIgnoreCase);

    /// <summary>The hive that holds a key, and the key's path in it; null where no hive does.</summary>
    private (RegistryHive Hive, string Path)? Find(string key)
    {
        var parts = PartsOf(key);
        if (parts is not [var root, var name, ..] || !IsMachineRoot(root) || !_hives.TryGetValue(name, out var lazy))
        {
            return null;
        }
        var hive = lazy.Value;
        if (parts is [_, _, var first, ..] && name.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase)
            && first.Equals(CurrentControlSet, StringComparison.OrdinalIgnoreCase))
        {
            if (hive.Value("Select", "Current") is not int current)
            {
                return null;
            }
            parts[2] = FormattableString.Invariant($"ControlSet{current:D3}");
        }
        return (hive, string.Join("\\", parts.Skip(2)));
    }

    private static string[] PartsOf(string key) => key.Split(['\\'], StringSplitOptions.RemoveEmptyEntries);
}
