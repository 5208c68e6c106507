using System.Globalization;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>The processes of this machine, from /proc.</summary>
internal static class LinuxProcesses
{
    private const string Zombie = "Z";

    /// <summary>Those that live, without a process and those it comes from.</summary>
    public static IEnumerable<(int Id, string Name)> Besides(int self)
    {
        var all = All().ToDictionary(p => p.Id);
        for (var id = self; all.TryGetValue(id, out var ancestor); id = ancestor.Parent)
        {
            all.Remove(id);
        }
        return all.Values.Where(p => p.State != Zombie).Select(p => (p.Id, p.Name));
    }

    /// <summary>The words that a process was started with, with a blank after each. One that hangs in the kernel can keep whoever asks waiting.</summary>
    public static string CommandLineOf(int id) => Text($"/proc/{id}/cmdline")?.Replace('\0', ' ') ?? "";

    /// <summary>A process and all that it has started, and they in turn.</summary>
    public static IReadOnlyList<int> TreeOf(int id)
    {
        var children = All().ToLookup(p => p.Parent, p => p.Id);
        List<int> tree = [id];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]].Except(tree));
        }
        return tree;
    }

    private static IEnumerable<(int Id, int Parent, string Name, string State)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Text(folder + "/status") is { } status)
            {
                // One line each, and its name comes first: what else stands there, the process cannot choose.
                var values = status.Split('\n').Select(line => line.Split([':'], 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(g => g.Key, g => g.First()[1].Trim(), StringComparer.Ordinal);
                if (values.TryGetValue("PPid", out var parent) && values.TryGetValue("Name", out var name) && values.TryGetValue("State", out var state) && state.Length > 0)
                {
                    yield return (id, int.Parse(parent, CultureInfo.InvariantCulture), name, state.Substring(0, 1));
                }
            }
        }
    }

    // Null for a process that has ended meanwhile.
    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
