using System.Globalization;
using System.Text;

namespace AibDeprovision.Rehearsal.Linux.Time;

/// <summary>The processes of a sandbox, read from the host's /proc.</summary>
/// <param name="rootId">The process that was started on the host; all others descend from it.</param>
internal sealed class ProcessTable(int rootId)
{
    private readonly byte[] buffer = new byte[8192];

    /// <summary>Whether this system tells which processes descend from which.</summary>
    public static bool IsAvailable => File.Exists("/proc/1/task/1/children");

    /// <summary>
    /// Every process, if all of them wait at one and the same moment; null when one works or may work.
    /// <para>
    /// A process says that it sleeps from just before it does until it is woken, and may be taken off the processor in
    /// between: only with a place in the kernel to wait at has it come to a stop. So each is looked at twice. If it is
    /// at a stop after its switches were counted, and again before they are counted anew, and the number is the same, it
    /// did not run in between; and all of them were looked at once before the first was looked at again.
    /// </para>
    /// </summary>
    public IReadOnlyList<SandboxProcess>? ReadIfAllWait()
    {
        var first = new List<SandboxProcess>();
        var second = new List<SandboxProcess>();
        try
        {
            return AddTree(rootId, 0, first, isFirst: true) && AddTree(rootId, 0, second, isFirst: false) && first.SequenceEqual(second)
                ? second
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended, so something has happened.
            return null;
        }
    }

    /// <summary>The command line of a process; empty when it has none any more.</summary>
    public string[] CommandLine(SandboxProcess process)
    {
        try
        {
            return ReadText($"/proc/{process.HostId}/cmdline").TrimEnd('\0').Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private bool AddTree(int id, int parent, List<SandboxProcess> found, bool isFirst)
    {
        var hasStopped = isFirst || HasStopped(id);
        var status = ReadText($"/proc/{id}/status");
        if (status.Contains("State:\tZ"))
        {
            // It has ended, and only its parent has not looked yet.
            return true;
        }
        if (Parse(id, parent, status) is not { } process || !hasStopped || (isFirst && !HasStopped(id)))
        {
            return false;
        }
        found.Add(process);
        return ReadText($"/proc/{id}/task/{id}/children").Split([' '], StringSplitOptions.RemoveEmptyEntries)
            .All(child => AddTree(int.Parse(child, CultureInfo.InvariantCulture), id, found, isFirst));
    }

    /// <summary>The kernel names a place only for a process that is on no queue for a processor.</summary>
    private bool HasStopped(int id) => ReadText($"/proc/{id}/wchan") is not ("" or "0");

    private static SandboxProcess? Parse(int id, int parent, string status)
    {
        var inside = 0;
        long switches = 0;
        foreach (var line in status.Split('\n'))
        {
            var colon = line.IndexOf(':');
            var value = line.Substring(colon + 1).Trim();
            switch (colon < 0 ? "" : line.Substring(0, colon))
            {
                // R runs, D waits for the disk and will go on by itself.
                case "State" when value[0] is 'R' or 'D':
                // The state is that of the first thread only.
                case "Threads" when value != "1":
                    return null;
                case "NSpid":
                    inside = int.Parse(value.Substring(value.LastIndexOf('\t') + 1), CultureInfo.InvariantCulture);
                    break;
                case "voluntary_ctxt_switches" or "nonvoluntary_ctxt_switches":
                    switches += long.Parse(value, CultureInfo.InvariantCulture);
                    break;
            }
        }
        return new(id, parent, inside, switches);
    }

    private string ReadText(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        var length = 0;
        int count;
        while (length < buffer.Length && (count = file.Read(buffer, length, buffer.Length - length)) > 0)
        {
            length += count;
        }
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
