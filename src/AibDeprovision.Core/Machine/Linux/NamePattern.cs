namespace AibDeprovision.Machine.Linux;

/// <summary>Patterns for names of files: * stands for anything, also for nothing.</summary>
internal static class NamePattern
{
    /// <summary>Whether a name matches, in the same case.</summary>
    public static bool IsMatch(string name, string pattern)
    {
        var pieces = pattern.Split('*');
        var last = pieces[pieces.Length - 1];
        if (name.Length < pattern.Length - pieces.Length + 1 || !name.StartsWith(pieces[0], StringComparison.Ordinal) || !name.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }
        var at = pieces[0].Length;
        foreach (var piece in pieces.Skip(1).Take(pieces.Length - 2))
        {
            var found = name.IndexOf(piece, at, name.Length - last.Length - at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }
            at = found + piece.Length;
        }
        return true;
    }
}
