namespace AibDeprovision.Scripting.Linux;

/// <summary>A word of a shell script.</summary>
/// <param name="Raw">As it is written.</param>
/// <param name="Text">Without its quotes; expansions stand in it as they are written.</param>
/// <param name="Offset">Where it begins in the text.</param>
/// <param name="IsLiteral">Whether nothing of it is expanded.</param>
internal sealed record ShWord(string Raw, string Text, int Offset, bool IsLiteral)
{
    /// <summary>The last part of it as a path.</summary>
    public string Leaf => Text.Substring(Text.LastIndexOf('/') + 1);
}

/// <summary>A redirection: the operator and its target.</summary>
internal sealed record ShRedirection(string Operator, ShWord Target);
