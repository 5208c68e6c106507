namespace AibDeprovision.Machine.Windows;

/// <summary>The data of registry values, from the bytes that Windows keeps to what <see cref="IRegistry.Value"/> gives.</summary>
internal static class RegistryData
{
    private const uint Sz = 1;
    private const uint ExpandSz = 2;
    private const uint Dword = 4;
    private const uint MultiSz = 7;
    private const uint Qword = 11;

    /// <summary>
    /// A value's data by its type: string, int, long, string[]; byte[] for every other type, and for a number that has not the
    /// bytes of one. A text ends at its first NUL, which is where every program that reads it stops, or without one.
    /// </summary>
    public static object Of(uint type, byte[] bytes) => type switch
    {
        Sz or ExpandSz => Utf16(bytes).Split('\0')[0],
        Dword when bytes.Length == sizeof(int) => BitConverter.ToInt32(bytes, 0),
        Qword when bytes.Length == sizeof(long) => BitConverter.ToInt64(bytes, 0),
        MultiSz => Strings(Utf16(bytes)),
        _ => bytes,
    };

    /// <summary>UTF-16 as it is, half surrogates too: an encoding would replace them, and two names could become one.</summary>
    public static string Utf16(byte[] bytes)
    {
        var letters = new char[bytes.Length / 2];
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)(bytes[2 * i] | (bytes[(2 * i) + 1] << 8));
        }
        return new string(letters);
    }

    private static string[] Strings(string text)
    {
        var used = text.TrimEnd('\0');
        return used.Length == 0 ? [] : used.Split('\0');
    }
}
