namespace AibDeprovision.Machine.Linux;

/// <summary>
/// Follows links of a Linux machine the way that machine would: within its own root, beyond which neither .. nor an absolute
/// path leads. In no other way is a link followed.
/// </summary>
/// <param name="files">The machine's files.</param>
/// <param name="look">Says what stands at a path above which there are no links.</param>
/// <param name="miss">Gets what could not be followed, with the reason.</param>
internal sealed class LinuxLinks(ILinuxFiles files, Func<string, LinuxFile?> look, Action<string, string> miss)
{
    private const int MostHops = 40; // as the kernel

    private readonly Dictionary<string, string?> _followed = new(StringComparer.Ordinal);

    /// <summary>Where a path leads once every link is followed; null where that is nowhere.</summary>
    public string? Follow(string path)
    {
        if (!_followed.TryGetValue(path, out var place))
        {
            place = _followed[path] = FollowParts(path);
        }
        return place;
    }

    private string? FollowParts(string path)
    {
        var at = "/";
        var rest = new Stack<string>(path.Split('/').Reverse());
        for (var hops = 0; rest.Count > 0;)
        {
            var part = rest.Pop();
            if (part is "" or "." or "..")
            {
                at = part == ".." ? LinuxPath.FolderOf(at) : at;
                continue;
            }
            at = LinuxPath.Join(at, part);
            var file = look(at);
            if (file is not { Kind: MachineFileKind.Link })
            {
                if (file is null)
                {
                    return null;
                }
                continue;
            }
            if (++hops > MostHops || files.TargetOf(at) is not { } target)
            {
                miss(at, hops > MostHops ? "its links go in a circle" : "it is a link that cannot be followed on this system");
                return null;
            }
            at = target[0] == '/' ? "/" : LinuxPath.FolderOf(at);
            foreach (var next in target.Split('/').Reverse())
            {
                rest.Push(next);
            }
        }
        return at;
    }
}

/// <summary>Paths of a Linux machine, whatever system this is.</summary>
internal static class LinuxPath
{
    /// <summary>The path of a name in a folder.</summary>
    public static string Join(string folder, string name) => folder == "/" ? "/" + name : $"{folder}/{name}";

    /// <summary>The folder that a path is in; of / itself, it is /.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is var end and > 0 ? path.Substring(0, end) : "/";
}
