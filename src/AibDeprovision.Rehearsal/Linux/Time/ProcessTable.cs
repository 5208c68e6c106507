using System.Globalization;
using System.Text;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Rehearsal.Linux.Time;

/// <summary>The processes of a sandbox, read from the host's /proc.</summary>
/// <param name="rootId">The process that was started on the host; all others descend from it.</param>
internal sealed class ProcessTable(int rootId)
{
    private const int MostQuickLooks = 20;

    private readonly byte[] buffer = new byte[8192];

    /// <summary>The process above one that was at work: what works next is mostly near it.</summary>
    private int near;

    /// <summary>How many quick looks in a row began there. Not too many: the number of one that has ended may be another's.</summary>
    private int quickLooks;

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
            if (IsAtWorkBelow(quickLooks++ % MostQuickLooks == 0 ? rootId : near))
            {
                return null;
            }
            return AddTree(rootId, 0, first, isFirst: true) && AddTree(rootId, 0, second, isFirst: false) && first.SequenceEqual(second)
                ? second
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended, so something has happened.
            quickLooks = 0;
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

    /// <summary>A quick look: whether the process that was started last, below another, is at work. Most looks need no other.</summary>
    private bool IsAtWorkBelow(int id)
    {
        while (ChildrenOf(id) is { Length: > 0 } children)
        {
            near = id;
            id = int.Parse(children[children.Length - 1], CultureInfo.InvariantCulture);
        }
        return !HasStopped(id) && !HasEnded(ReadText($"/proc/{id}/status"));
    }

    private static bool HasEnded(string status) => status.Contains("State:\tZ");

    private string[] ChildrenOf(int id) => ReadText($"/proc/{id}/task/{id}/children").Split([' '], StringSplitOptions.RemoveEmptyEntries);

    private bool AddTree(int id, int parent, List<SandboxProcess> found, bool isFirst)
    {
        var hasStopped = isFirst || HasStopped(id);
        var status = ReadText($"/proc/{id}/status");
        if (HasEnded(status))
        {
            // It has ended, and only its parent has not looked yet.
            return true;
        }
        if (Parse(id, parent, status) is not { } process || !hasStopped || (isFirst && !HasStopped(id)))
        {
            return false;
        }
        found.Add(process);
        return ChildrenOf(id).All(child => AddTree(int.Parse(child, CultureInfo.InvariantCulture), id, found, isFirst));
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

    // By the system's own calls: a FileStream takes several more, and this is done a thousand times a second.
    private string ReadText(string path)
    {
        var file = Libc.Open(Encoding.ASCII.GetBytes(path + "\0"), Libc.ReadOnly);
        if (file < 0)
        {
            throw new FileNotFoundException(message: null, path);
        }
        try
        {
            // One call gives all of such a file, or as much as the buffer holds.
            var length = (int)Libc.Read(file, buffer, (UIntPtr)buffer.Length);
            return length >= 0 ? Encoding.UTF8.GetString(buffer, 0, length) : throw new IOException();
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }
}
