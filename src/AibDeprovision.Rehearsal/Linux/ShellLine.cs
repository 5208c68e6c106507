namespace AibDeprovision.Rehearsal.Linux;

/// <summary>The first line of a script, which says by what it is run.</summary>
internal static class ShellLine
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "busybox", "env"];

    /// <summary>The program that the first line names, where the throw-away machine has none of that kind; null for a shell, or no such line.</summary>
    public static string? UnknownInterpreter(string script)
    {
        var line = script.Split('\n')[0];
        if (!line.StartsWith("#!", StringComparison.Ordinal))
        {
            return null;
        }
        var words = line.Substring(2).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var names = words.Select(word => word.Substring(word.LastIndexOf('/') + 1)).ToList();
        var shell = names.Count > 1 && names[0] == "env" ? names.Skip(1).FirstOrDefault(name => !name.StartsWith("-", StringComparison.Ordinal)) : names.FirstOrDefault();
        return shell is null || Shells.Contains(shell, StringComparer.Ordinal) ? null : shell;
    }
}
