using System.Text;

namespace AibDeprovision.Scripts;

/// <summary>The text of a file with the encoding that it came in: what is left alone has the same bytes afterwards.</summary>
/// <param name="Text">The text; a byte order mark is its first character.</param>
/// <param name="Encoding">The encoding.</param>
internal sealed record EncodedText(string Text, Encoding Encoding)
{
    private static readonly Encoding s_utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads bytes: UTF-16 by its mark, else UTF-8, else, byte by byte, Latin-1, which every byte is a character of.</summary>
    public static EncodedText Of(byte[] bytes)
    {
        var encoding = bytes is [0xFF, 0xFE, ..] ? new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)
            : bytes is [0xFE, 0xFF, ..] ? new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true) : s_utf8;
        try
        {
            return new EncodedText(encoding.GetString(bytes), encoding);
        }
        catch (ArgumentException)
        {
            var latin = Encoding.GetEncoding(28591);
            return new EncodedText(latin.GetString(bytes), latin);
        }
    }

    /// <summary>The bytes of a text in this encoding.</summary>
    public byte[] BytesOf(string text) => Encoding.GetBytes(text);
}
