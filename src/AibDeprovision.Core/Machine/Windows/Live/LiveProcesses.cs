using System.Runtime.InteropServices;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>The processes of this machine. A snapshot costs a fraction of what System.Diagnostics.Process takes.</summary>
internal static class LiveProcesses
{
    private const int LongestPath = 32_768;

    /// <summary>Those that have one of the names, without .exe and in any case.</summary>
    public static IReadOnlyList<RunningProcess> Named(IReadOnlyCollection<string> names)
    {
        using var snapshot = Kernel32.CreateToolhelp32Snapshot(Kernel32.SnapProcess, 0);
        if (snapshot.IsInvalid)
        {
            throw WindowsError.Last("The processes cannot be listed", null);
        }
        var found = new List<RunningProcess>();
        var entry = new Kernel32.ProcessEntry { Size = Marshal.SizeOf<Kernel32.ProcessEntry>() };
        for (var more = Kernel32.Process32FirstW(snapshot, ref entry); more; more = Kernel32.Process32NextW(snapshot, ref entry))
        {
            var name = Path.GetFileNameWithoutExtension(entry.ExeFile);
            if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                found.Add(new RunningProcess(entry.ProcessId, name, PathOf(entry.ProcessId)));
            }
        }
        return found;
    }

    private static string? PathOf(int id)
    {
        using var process = Kernel32.OpenProcess(Kernel32.QueryLimitedInformation, inherit: false, id);
        var path = new char[LongestPath];
        var length = path.Length;
        return !process.IsInvalid && Kernel32.QueryFullProcessImageNameW(process, 0, path, ref length) ? new string(path, 0, length) : null;
    }
}
