using System.Globalization;
using System.Text;

namespace AibDeprovision.Rehearsal.Linux.Time;

/// <summary>
/// The clock of a machine in a sandbox: it stands still while anything computes, and jumps to the next moment at which
/// something sleeps no longer. Its files, which the machine has instead of /proc/uptime and behind date, are written here only.
/// </summary>
internal sealed class VirtualClock : IDisposable
{
    /// <summary>What the clock shows at first: the same in every rehearsal, ten minutes after the machine was started.</summary>
    private static readonly DateTime Start = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly TimeSpan StartUptime = TimeSpan.FromMinutes(10);
    private static readonly DateTime Epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly FileStream uptime;
    private readonly FileStream now;

    /// <summary>Opens the files once: they are bound into the machine and must stay the same ones.</summary>
    /// <param name="folder">The folder that holds the files now and uptime.</param>
    public VirtualClock(string folder)
    {
        uptime = Open(Path.Combine(folder, "uptime"));
        now = Open(Path.Combine(folder, "now"));
        AdvanceTo(TimeSpan.Zero);
    }

    /// <summary>How much time has passed.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Sets the time.</summary>
    public void AdvanceTo(TimeSpan elapsed)
    {
        Elapsed = elapsed;
        var running = (StartUptime + elapsed).TotalSeconds;
        Write(uptime, string.Format(CultureInfo.InvariantCulture, "{0:0.00} {0:0.00}", running));
        Write(now, string.Format(CultureInfo.InvariantCulture, "{0:0.000}", (Start + elapsed - Epoch).TotalSeconds));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        uptime.Dispose();
        now.Dispose();
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);

    private static void Write(FileStream file, string text)
    {
        // Always of the same length, so that one write replaces all of it.
        var line = Encoding.ASCII.GetBytes(text.PadRight(47) + "\n");
        file.Position = 0;
        file.Write(line, 0, line.Length);
        file.Flush();
    }
}
