using System.Text;
using AibDeprovision.Machine;

namespace AibDeprovision.Tests.Offline;

/// <summary>Text is decoded as what it is, and the end of a long file begins with a whole character.</summary>
public sealed class TextDecodingTests
{
    private const string Sample = "Größe \u20AC \U0001F600\r\n";

    public static TheoryData<string, Encoding> Encodings => new()
    {
        { "UTF-8 with a mark", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true) },
        { "UTF-8", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) },
        { "UTF-16LE", new UnicodeEncoding(bigEndian: false, byteOrderMark: true) },
        { "UTF-16BE", new UnicodeEncoding(bigEndian: true, byteOrderMark: true) },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_text_is_read_without_its_mark(string name, Encoding encoding)
    {
        Assert.Equal(Sample, Read([.. encoding.GetPreamble(), .. encoding.GetBytes(Sample)]));
        Assert.Equal("", Read(encoding.GetPreamble()));
        Assert.NotEmpty(name);
    }

    [Fact]
    public void What_is_no_UTF_8_is_Latin_1()
    {
        Assert.Equal("Größe", Read(Encoding.Latin1.GetBytes("Größe")));
        Assert.Equal("ÿ", Read([0xFF]));
        Assert.Equal("ab\u00C3", Read([0x61, 0x62, 0xC3]));
    }

    [Fact]
    public void Behind_a_mark_what_is_wrong_is_replaced()
    {
        Assert.Equal("a\uFFFDb", Read([0xEF, 0xBB, 0xBF, 0x61, 0xFF, 0x62]));
        Assert.Equal("a\uFFFD", Read([0xFF, 0xFE, 0x61, 0x00, 0x62]));
    }

    /// <summary>The cut is moved through every byte of the sample.</summary>
    [Theory]
    [MemberData(nameof(Encodings))]
    public void The_end_of_a_long_file_begins_with_a_whole_character(string name, Encoding encoding)
    {
        var sample = encoding.GetBytes(Sample);
        const int longest = 64;
        var filler = encoding.GetBytes(new string('x', longest / encoding.GetByteCount("x")));
        for (var kept = 0; kept <= sample.Length; kept++)
        {
            byte[] file = [.. encoding.GetPreamble(), .. encoding.GetBytes("left out"), .. sample, .. filler.AsSpan(kept / encoding.GetByteCount("x") * encoding.GetByteCount("x"))];

            var text = Read(file, longest);

            var head = text.TrimEnd('x');
            Assert.True(Sample.EndsWith(head, StringComparison.Ordinal), $"{name}, {kept} bytes kept: '{head}'");
            Assert.True(kept < sample.Length || head == Sample);
            Assert.InRange(encoding.GetByteCount(text), longest - 4, longest);
        }
    }

    [Fact]
    public void A_file_of_just_the_longest_length_is_whole()
    {
        var bytes = new byte[TextDecoding.LongestText];
        Array.Fill(bytes, (byte)'x');
        bytes[0] = (byte)'(';

        Assert.Equal(TextDecoding.LongestText, Read(bytes).Length);
        Assert.StartsWith("(x", Read(bytes), StringComparison.Ordinal);
        Assert.StartsWith("xx", Read([.. bytes, (byte)'x']), StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_long_Latin_1_file_keeps_every_byte()
    {
        var bytes = new byte[TextDecoding.LongestText + 10];
        Array.Fill(bytes, (byte)0xBF);

        var text = Read(bytes);

        Assert.Equal(TextDecoding.LongestText, text.Length);
        Assert.Equal('\u00BF', text[0]);
    }

    private static string Read(byte[] bytes, int longest = TextDecoding.LongestText)
    {
        using var stream = new MemoryStream(bytes);
        return TextDecoding.Read(stream, longest);
    }
}
