using System.Text;

namespace AibDeprovision.Machine.Linux;

/// <summary>
/// Names of Linux as text and back. They are bytes, and not all of them are UTF-8: a byte that is none stands as a half of a surrogate
/// pair (U+DC80 to U+DCFF), which no text has alone, so that the name can be shown and the file be found again.
/// </summary>
internal static class LinuxNames
{
    private static readonly Encoding Strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a name.</summary>
    public static string TextOf(byte[] name)
    {
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return OneByOne(name);
        }
    }

    /// <summary>The bytes of a path, with the zero that ends it.</summary>
    public static byte[] BytesOf(string path)
    {
        if (IsText(path))
        {
            // Zeros at first, so that one is left at the end.
            var all = new byte[Encoding.UTF8.GetByteCount(path) + 1];
            Encoding.UTF8.GetBytes(path, 0, path.Length, all, 0);
            return all;
        }
        List<byte> bytes = [];
        for (var i = 0; i < path.Length; i++)
        {
            if (char.IsHighSurrogate(path[i]) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1]))
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(path.Substring(i++, 2)));
            }
            else
            {
                bytes.AddRange(IsByte(path[i]) ? [(byte)(path[i] - 0xDC00)] : Encoding.UTF8.GetBytes(path.Substring(i, 1)));
            }
        }
        return [.. bytes, 0];
    }

    private static bool IsByte(char c) => c is >= '\uDC80' and <= '\uDCFF';

    private static string OneByOne(byte[] name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length;)
        {
            var length = name[i] switch { < 0x80 => 1, >= 0xC2 and < 0xE0 => 2, >= 0xE0 and < 0xF0 => 3, >= 0xF0 and < 0xF5 => 4, _ => 0 };
            var isText = length > 0 && i + length <= name.Length && TryDecode(name, i, length, text);
            if (!isText)
            {
                text.Append((char)(0xDC00 + name[i]));
            }
            i += isText ? length : 1;
        }
        return text.ToString();
    }

    // Not by LINQ: there may be millions of names.
    private static bool IsText(string path)
    {
        foreach (var c in path)
        {
            if (IsByte(c))
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryDecode(byte[] name, int at, int length, StringBuilder text)
    {
        try
        {
            text.Append(Strict.GetString(name, at, length));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
