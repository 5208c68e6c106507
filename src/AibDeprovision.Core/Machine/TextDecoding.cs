using System.Text;

namespace AibDeprovision.Machine;

/// <summary>The one way in which text files are read (see <see cref="IFiles.ReadText"/>).</summary>
internal static class TextDecoding
{
    /// <summary>Bytes read of a longer file: its last ones.</summary>
    public const int LongestText = 16 * 1024 * 1024;

    private const int LongestMark = 3;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictUtf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictBigEndian = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    /// <summary>
    /// The text of a file: by its byte order mark UTF-8 or UTF-16, else UTF-8, and where it is none, Latin-1. Of a file longer
    /// than <paramref name="longest"/> bytes its end, from the first whole character on.
    /// </summary>
    /// <param name="stream">A file that can be sought in.</param>
    /// <param name="longest">Bytes.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(Stream stream, int longest = LongestText)
    {
        var length = stream.Length;
        // The mark is at the beginning, however much of what follows is left out.
        var (marked, mark) = Marked(Bytes(stream, 0, LongestMark));
        var from = Math.Max(mark, length - longest);
        if (marked is UnicodeEncoding && from % 2 != 0)
        {
            from++;
        }
        var bytes = Bytes(stream, from, (int)(length - from));
        var isTail = from > mark;
        return marked is UnicodeEncoding ? TextFrom(marked, bytes, isTail ? HalfPair(marked, bytes) : 0)
            : marked is not null ? TextFrom(marked, bytes, isTail ? ContinuationBytes(bytes) : 0)
            : Unmarked(bytes, isTail);
    }

    /// <summary>
    /// The text of all bytes of a file, with the encoding that gives the same bytes again: UTF-16 by its mark, else UTF-8, and where it
    /// is none, Latin-1, which every byte is a character of. A mark stays in the text, as its first character.
    /// </summary>
    public static (string Text, Encoding Encoding) Whole(byte[] bytes)
    {
        var encoding = bytes is [0xFF, 0xFE, ..] ? StrictUtf16 : bytes is [0xFE, 0xFF, ..] ? StrictBigEndian : StrictUtf8;
        try
        {
            return (encoding.GetString(bytes), encoding);
        }
        catch (ArgumentException)
        {
            return (Latin1.GetString(bytes), Latin1);
        }
    }

    private static string Unmarked(byte[] bytes, bool isTail)
    {
        try
        {
            return TextFrom(StrictUtf8, bytes, isTail ? ContinuationBytes(bytes) : 0);
        }
        catch (DecoderFallbackException)
        {
            return Latin1.GetString(bytes);
        }
    }

    private static (Encoding? Encoding, int Length) Marked(byte[] head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    /// <summary>Bytes at the beginning that belong to a character of UTF-8 which began before them: three at most.</summary>
    private static int ContinuationBytes(byte[] bytes) => bytes.Take(3).TakeWhile(b => (b & 0xC0) == 0x80).Count();

    /// <summary>Bytes at the beginning that are the second half of a pair of UTF-16.</summary>
    private static int HalfPair(Encoding utf16, byte[] bytes)
    {
        var high = utf16.Equals(Encoding.BigEndianUnicode) ? 0 : 1;
        return bytes.Length >= 2 && (bytes[high] & 0xFC) == 0xDC ? 2 : 0;
    }

    private static string TextFrom(Encoding encoding, byte[] bytes, int skip) => encoding.GetString(bytes, skip, bytes.Length - skip);

    /// <summary>Bytes of a stream; fewer where it ends before.</summary>
    private static byte[] Bytes(Stream stream, long position, int count)
    {
        var bytes = new byte[Math.Max(0, count)];
        var done = 0;
        stream.Position = position;
        while (done < bytes.Length && stream.Read(bytes, done, bytes.Length - done) is > 0 and var read)
        {
            done += read;
        }
        Array.Resize(ref bytes, done);
        return bytes;
    }
}
