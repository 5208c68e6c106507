using System.Globalization;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>The processes of this machine, from /proc.</summary>
internal static class LinuxProcesses
{
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
