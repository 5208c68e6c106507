using System.Diagnostics;
using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>A process that was started here, and all that it has started.</summary>
internal static class ProcessTree
{
    /// <summary>The memory that they hold together, in bytes. Where children are not listed, that of the process alone.</summary>
    public static long MemoryOf(Process process)
    {
        try
        {
            if (process.HasExited)
            {
                return 0;
            }
            if (Directory.Exists("/proc/self/task"))
            {
                return Members(process.Id).Sum(Resident);
            }
            process.Refresh();
            return Host.IsWindows ? process.PrivateMemorySize64 : process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It has ended.
            return 0;
        }
    }

    /// <summary>Kills them all. Those that have ended already are no error.</summary>
    public static void Kill(Process process)
    {
        try
        {
            // The number of one that has ended may be another process's by now, and so would be the children.
            if (process.HasExited)
            {
                return;
            }
            foreach (var id in Directory.Exists("/proc/self/task") ? Members(process.Id).Skip(1).ToList() : [])
            {
                _ = Libc.Kill(id, Libc.KillSignal);
            }
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended, or does so now.
        }
    }

    private static List<int> Members(int root)
    {
        var found = new List<int> { root };
        for (var n = 0; n < found.Count; n++)
        {
            found.AddRange(ChildrenOf(found[n]));
        }
        return found;
    }

    private static IEnumerable<int> ChildrenOf(int id) =>
        ThreadsOf(id).SelectMany(thread => Words(thread + "/children")).Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static string[] ThreadsOf(int id)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{id}/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return [];
        }
    }

    // Pages: all, resident, ...
    private static long Resident(int id) =>
        Words($"/proc/{id}/statm") is { Length: > 1 } pages ? long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;

    /// <summary>The words of a file; none when it is gone, as with a process that has just ended.</summary>
    private static string[] Words(string path)
    {
        try
        {
            return File.ReadAllText(path).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
