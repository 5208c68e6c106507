using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Xml;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>Objects of one type as lines of JSON, each of a bounded length. JSON carries values only, so no line can make its reader run anything.</summary>
/// <param name="stream">Where the lines come from, or go to.</param>
/// <param name="longestLine">In bytes.</param>
internal sealed class JsonLines<T>(Stream stream, int longestLine)
    where T : class
{
    private static readonly DataContractJsonSerializer Serializer = new(typeof(T));

    private readonly byte[] _buffer = new byte[16384];
    private int _at;
    private int _end;

    /// <summary>Writes a line.</summary>
    /// <exception cref="IOException">Nobody reads any more.</exception>
    public void Write(T value)
    {
        using var line = new MemoryStream();
        Serializer.WriteObject(line, value);
        line.WriteByte((byte)'\n');
        lock (_buffer)
        {
            line.WriteTo(stream);
            stream.Flush();
        }
    }

    /// <summary>Reads a line; null at the end.</summary>
    /// <exception cref="InvalidDataException">What comes is no line of this kind.</exception>
    public T? Read()
    {
        if (ReadLine() is not { } line)
        {
            return null;
        }
        var quotas = new XmlDictionaryReaderQuotas { MaxDepth = 6, MaxStringContentLength = longestLine, MaxArrayLength = longestLine, MaxBytesPerRead = longestLine };
        try
        {
            using var reader = JsonReaderWriterFactory.CreateJsonReader(line, 0, line.Length, quotas);
            return Serializer.ReadObject(reader) as T ?? throw new InvalidDataException("The line is empty.");
        }
        catch (Exception e) when (e is SerializationException or XmlException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException("The line is no JSON of the kind that is expected.", e);
        }
    }

    private byte[]? ReadLine()
    {
        using var line = new MemoryStream();
        while (true)
        {
            if (_at == _end)
            {
                _at = 0;
                _end = stream.Read(_buffer, 0, _buffer.Length);
                if (_end <= 0)
                {
                    _end = 0;
                    return null;
                }
            }
            var found = Array.IndexOf(_buffer, (byte)'\n', _at, _end - _at);
            var length = (found < 0 ? _end : found) - _at;
            if (line.Length + length > longestLine)
            {
                throw new InvalidDataException("The line is too long.");
            }
            line.Write(_buffer, _at, length);
            _at += length;
            if (found >= 0)
            {
                _at++;
                return line.ToArray();
            }
        }
    }
}
