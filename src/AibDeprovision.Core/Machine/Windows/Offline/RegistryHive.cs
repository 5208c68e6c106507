using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>
/// A registry hive file, read and never written. What is in it comes from an image that nobody has vouched for: a damaged or
/// hostile file gives an answer or <see cref="ErrorId.CorruptHive"/>, and each answer costs no more than reading the file once.
/// </summary>
/// <remarks>
/// Keys are named from the hive's root, with backslashes and without regard to case; the root itself is "". Registry links are
/// not followed, and the transaction logs beside the file are not applied (see <see cref="IsDirty"/>). Only what a question
/// needs is read from the disk. One thread at a time. Layout: github.com/msuhanov/regf.
/// </remarks>
internal sealed class RegistryHive : IDisposable
{
    /// <summary>Windows lets keys nest so deep and no deeper.</summary>
    private const int DeepestKey = 512;

    private readonly HiveFile _file;
    private readonly HiveKey _root;

    private RegistryHive(HiveFile file)
    {
        _file = file;
        var head = file.BaseBlock();
        if (BitConverter.ToUInt32(head, 0) != 0x66676572)
        {
            throw file.Corrupt("it does not begin with 'regf'");
        }
        if (BitConverter.ToUInt32(head, 20) != 1 || BitConverter.ToUInt32(head, 28) != 0)
        {
            throw file.Corrupt("it is a log, or of a version that no Windows has written");
        }
        file.IsDirty = BitConverter.ToUInt32(head, 4) != BitConverter.ToUInt32(head, 8) || BitConverter.ToUInt32(head, 508) != Checksum(head);
        file.RootOffset = BitConverter.ToUInt32(head, 36);
        _root = HiveKey.Root(file);
    }

    /// <summary>
    /// Whether Windows had not finished writing the hive when the image was taken: its sequence numbers differ, or the checksum
    /// of its head is wrong. It is read as it is; its last changes may be missing, and parts of it may be damaged.
    /// </summary>
    public bool IsDirty => _file.IsDirty;

    /// <summary>Where the hive is.</summary>
    public string Path => _file.Path;

    /// <summary>Bytes that the last answer took.</summary>
    internal long BytesRead => _file.BytesRead;

    /// <summary>Opens a hive.</summary>
    /// <exception cref="AibException">It is missing, may not be read, or is no hive.</exception>
    public static RegistryHive Open(string path)
    {
        var file = HiveFile.Open(path);
        try
        {
            return new RegistryHive(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a key exists.</summary>
    /// <exception cref="AibException">The hive is damaged on the way there.</exception>
    public bool Exists(string key) => Find(key) is not null;

    /// <summary>A value's data, as <see cref="IRegistry.Value"/> gives it; the name "" is the default value.</summary>
    /// <exception cref="AibException">The hive is damaged on the way there.</exception>
    public object? Value(string key, string name) =>
        Find(key)?.Values().FirstOrDefault(value => value.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? RegistryData.Of(found.Type, found.Data())
            : null;

    /// <summary>The names of a key's values; none where the key is missing.</summary>
    /// <exception cref="AibException">The hive is damaged on the way there.</exception>
    public IReadOnlyList<string> ValueNames(string key) =>
        Find(key) is { } found ? Distinct(found.Values().Select(value => value.Name)) : [];

    /// <summary>The names of the keys right below one; none where it is missing.</summary>
    /// <exception cref="AibException">The hive is damaged on the way there.</exception>
    public IReadOnlyList<string> SubkeyNames(string key) =>
        Find(key) is not { HasSubkeys: true } found ? []
        : PartsOf(key).Length >= DeepestKey ? throw _file.Corrupt("its keys nest deeper than Windows allows")
        : Distinct(found.Subkeys().Select(subkey => subkey.Name));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private HiveKey? Find(string key)
    {
        _file.BeginQuestion();
        var found = _root;
        foreach (var part in PartsOf(key))
        {
            if (found.Subkey(part) is not { } next)
            {
                return null;
            }
            found = next;
        }
        return found;
    }

    private static string[] PartsOf(string key) => key.Split(['\\'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every name once: of two that are the same, only the first could be asked for.</summary>
    private static string[] Distinct(IEnumerable<string> names) => [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The exclusive or of the head's first 127 numbers, which is never 0 and never all ones.</summary>
    private static uint Checksum(byte[] head)
    {
        var sum = 0u;
        for (var at = 0; at < 508; at += sizeof(uint))
        {
            sum ^= BitConverter.ToUInt32(head, at);
        }
        return sum switch { 0 => 1, uint.MaxValue => uint.MaxValue - 1, _ => sum };
    }
}
