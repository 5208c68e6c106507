using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>The registry of this machine, as 64-bit programs see it. Only HKLM.</summary>
internal sealed class LiveRegistry : IRegistry
{
    private const string Root = @"HKLM\";
    private const int LongestName = 16384;

    /// <inheritdoc/>
    public bool Exists(string key)
    {
        using var handle = Open(key, Advapi32.KeyRead);
        return handle is not null;
    }

    /// <inheritdoc/>
    public object? Value(string key, string name)
    {
        using var handle = Open(key, Advapi32.KeyRead);
        if (handle is null)
        {
            return null;
        }
        var size = 256;
        while (true)
        {
            // It may grow between two looks.
            var data = new byte[size];
            var error = Advapi32.RegQueryValueExW(handle, name, IntPtr.Zero, out var type, data, ref size);
            switch (error)
            {
                case 0:
                    Array.Resize(ref data, size);
                    return RegistryData.Of(type, data);
                case Advapi32.NotFound:
                    return null;
                case Advapi32.MoreData:
                    continue;
                default:
                    throw WindowsError.Of($@"The value {name} of {key} cannot be read", error, key);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ValueNames(string key) => Names(key, (SafeKeyHandle handle, int index, char[] name, ref int length) =>
        Advapi32.RegEnumValueW(handle, index, name, ref length, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero));

    /// <inheritdoc/>
    public IReadOnlyList<string> SubkeyNames(string key) => Names(key, (SafeKeyHandle handle, int index, char[] name, ref int length) =>
        Advapi32.RegEnumKeyExW(handle, index, name, ref length, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero));

    /// <summary>Removes a value; one that is not there is no error.</summary>
    public static void Delete(string key, string name)
    {
        using var handle = Open(key, Advapi32.KeySetValue);
        var error = handle is null ? 0 : Advapi32.RegDeleteValueW(handle, name);
        if (error is not (0 or Advapi32.NotFound))
        {
            throw WindowsError.Of($@"The value {name} of {key} cannot be removed", error, key);
        }
    }

    /// <summary>Writes a number.</summary>
    public static void Set(string key, string name, int data)
    {
        using var handle = Open(key, Advapi32.KeySetValue);
        var error = handle is null ? Advapi32.NotFound : Advapi32.RegSetValueExW(handle, name, 0, Advapi32.Dword, BitConverter.GetBytes(data), sizeof(int));
        if (error != 0)
        {
            throw WindowsError.Of($@"The value {name} of {key} cannot be written", error, key);
        }
    }

    /// <summary>Opens a key; null where there is none.</summary>
    public static SafeKeyHandle? Open(string key, int access)
    {
        if (!key.StartsWith(Root, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var error = Advapi32.RegOpenKeyExW(Advapi32.LocalMachine, key.Substring(Root.Length), 0, access | Advapi32.Key64, out var handle);
        if (error == 0)
        {
            return handle;
        }
        handle.Dispose();
        return error is Advapi32.NotFound or 3 ? null : throw WindowsError.Of($"The key {key} cannot be opened", error, key);
    }

    private delegate int Enumerate(SafeKeyHandle handle, int index, char[] name, ref int length);

    private static List<string> Names(string key, Enumerate enumerate)
    {
        using var handle = Open(key, Advapi32.KeyRead);
        var names = new List<string>();
        var buffer = new char[LongestName];
        while (handle is not null)
        {
            var length = buffer.Length;
            var error = enumerate(handle, names.Count, buffer, ref length);
            if (error == Advapi32.NoMoreItems)
            {
                break;
            }
            if (error != 0)
            {
                throw WindowsError.Of($"The key {key} cannot be listed", error, key);
            }
            names.Add(new string(buffer, 0, length));
        }
        return names;
    }
}
