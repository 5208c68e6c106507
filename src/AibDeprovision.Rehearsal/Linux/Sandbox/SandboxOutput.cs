using System.Text;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>Reads one stream of a process on a thread of its own, up to a limit, so that the process never waits for a reader.</summary>
internal sealed class SandboxOutput
{
    private readonly Stream stream;
    private readonly int limit;
    private readonly Thread thread;
    private readonly object gate = new();
    private byte[] bytes = new byte[16384];
    private int length;
    private long count;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">What to read.</param>
    /// <param name="limit">The number of bytes of which no more are kept.</param>
    public SandboxOutput(Stream stream, int limit)
    {
        this.stream = stream;
        this.limit = limit;
        thread = new(Read) { IsBackground = true, Name = "Sandbox output" };
        thread.Start();
    }

    /// <summary>Whether as much has come as is kept, so that more may be missing.</summary>
    public bool LimitReached { get; private set; }

    /// <summary>How much has come. While it changes, the process may be waiting to write on.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>What has come.</summary>
    public byte[] Bytes
    {
        get
        {
            lock (gate)
            {
                var copy = new byte[length];
                Array.Copy(bytes, copy, length);
                return copy;
            }
        }
    }

    /// <summary>What has come, as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Waits until the stream has ended.</summary>
    public bool WaitForEnd(TimeSpan timeout) => thread.Join(timeout);

    private void Read()
    {
        var buffer = new byte[16384];
        try
        {
            int got;
            while ((got = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                lock (gate)
                {
                    Keep(buffer, Math.Min(got, limit - length));
                    LimitReached |= length == limit;
                }
                Interlocked.Add(ref count, got);
            }
        }
        catch (IOException)
        {
            // The process was killed.
        }
        catch (ObjectDisposedException)
        {
            // As above.
        }
    }

    private void Keep(byte[] buffer, int got)
    {
        if (length + got > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, length + got));
        }
        Array.Copy(buffer, 0, bytes, length, got);
        length += got;
    }
}
