using System.Text;

namespace AibDeprovision.Machine.Windows.Offline;

/// <summary>Text as hives hold it.</summary>
internal static class HiveText
{
    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    /// <summary>The two letters that a record begins with.</summary>
    public static string Kind(byte[] record) => Latin1.GetString(record, 0, 2);

    /// <summary>A name: a byte a character where it is compressed, else UTF-16.</summary>
    public static string Name(byte[] bytes, bool compressed) =>
        compressed ? Latin1.GetString(bytes) : RegistryData.Utf16(bytes);

    /// <summary>
    /// The hash that an lh list keeps beside each key: 37 times what it was plus the next letter, in upper case. Null for a
    /// name beyond ASCII, whose upper case depends on whose tables are asked.
    /// </summary>
    public static uint? Hash(string name)
    {
        var hash = 0u;
        foreach (var letter in name)
        {
            if (letter > 0x7F)
            {
                return null;
            }
            hash = unchecked((37 * hash) + char.ToUpperInvariant(letter));
        }
        return hash;
    }
}
