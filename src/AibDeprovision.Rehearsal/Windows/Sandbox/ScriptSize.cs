namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// How large a script may be. The parser, and all that walks what it makes, recurse once for each bracket or operator that
/// is nested in another, and every level of nesting takes at least one such character: few enough of them, wherever they
/// stand, and no stack is too small.
/// </summary>
internal static class ScriptSize
{
    private const int MostCharacters = 256 * 1024;
    private const int MostNesting = 10_000;

    // PowerShell takes the three long dashes for a minus.
    private const string Nesting = "([{+-*/%,.:=!?&|\u2013\u2014\u2015";

    /// <summary>What is too much in a text; null when it is small enough. One pass over the text.</summary>
    public static string? ExcessOf(string text)
    {
        if (text.Length > MostCharacters)
        {
            return $"a script of more than {MostCharacters / 1024} K characters";
        }
        var nesting = text.Count(c => Nesting.IndexOf(c) >= 0);
        return nesting > MostNesting ? $"a script with more than {MostNesting} brackets and operators" : null;
    }
}
